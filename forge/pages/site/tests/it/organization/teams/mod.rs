mod edit;
mod list;
mod new;
mod show;
