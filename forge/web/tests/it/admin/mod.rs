mod audit;
mod compute;
mod invites;
mod overview;
mod users;
