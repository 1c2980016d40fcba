mod link;
mod login;
mod logout;
mod settings;
mod show;
mod sign_up;
