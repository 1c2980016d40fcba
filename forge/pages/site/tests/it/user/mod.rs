mod forgot;
mod link;
mod login;
mod logout;
mod reset;
mod settings;
mod show;
mod sign_up;
