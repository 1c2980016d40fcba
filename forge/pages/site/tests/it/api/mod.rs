mod group;
mod list;
