//! Pages of the rules for branches and tags.

mod edit;
mod list;
