mod invites;
mod overview;
mod users;
