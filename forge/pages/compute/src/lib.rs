//! The pages about computing: tasks, images, and their administration. A page is one path, see
//! `docs/adding-a-page.md`.

#[macro_use]
extern crate hearth_web;
#[macro_use]
extern crate hearth_words;

pub mod admin;
pub mod explore;
pub mod images;
pub mod repo;
pub mod tasks;

use hearth_web::{
    Failure, Flash, Form, MenuEntry, Mistakes, NoFields, Page, RepositoryHead, RepositoryVisit, Section, Web,
    chart, entered, respond, session, words,
};
