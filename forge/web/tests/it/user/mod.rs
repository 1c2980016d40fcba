mod link;
mod login;
mod logout;
mod settings;
mod sign_up;
