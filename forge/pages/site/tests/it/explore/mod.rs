mod datasets;
mod models;
mod repositories;
mod tasks;
mod users;
