mod audit;
mod compute;
mod invites;
mod jobs;
mod mail;
mod overview;
mod registration;
mod users;
