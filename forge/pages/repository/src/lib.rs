//! The pages of repositories: code, discussions, settings. A page is one path, see `docs/adding-a-page.md`.

#[macro_use]
extern crate hearth_web;
#[macro_use]
extern crate hearth_words;

pub mod repo;

use hearth_web::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead, RepositoryVisit, Section, Web,
    activity_row, chart, confirm, diff, error_page, files_form, new_token, pending_request_row, pill, prose,
    reactions, repository_row, respond, role_fields, submodule, words,
};
