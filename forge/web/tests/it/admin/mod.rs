mod audit;
mod compute;
mod invites;
mod jobs;
mod overview;
mod users;
