mod repositories;
mod users;
