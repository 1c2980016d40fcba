//! The question before an act that a click should not do: what it is about and what follows from it, with the
//! form that does it. The act's own address asks it on `GET`, and does it on `POST`; no script is needed.
//! For what changes an administrator's powers or an account, and for what several pages link to; a row of a list
//! asks in place, with `danger::ask`.

use askama::Template;
use axum::response::Response;
use hearth_core::Error;
use http::StatusCode;
use serde::Deserialize;

use crate::{Failure, Mistakes, Page, respond::html_with};

/// The field for the name that has to be typed.
const TYPED: &str = "confirm";

#[derive(Template)]
#[template(path = "pages/confirm.html")]
pub struct Confirm {
    page: Page,
    question: Question,
    mistakes: Mistakes,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Names the object.
    pub title: String,
    /// What follows, a sentence each.
    pub consequences: Vec<String>,
    /// On the button that does it.
    pub button: String,
    /// Where the form is sent.
    pub action: String,
    /// Further fields of the form.
    pub fields: Vec<(&'static str, String)>,
    /// Where to go instead.
    pub back: String,
    /// What has to be typed as well.
    pub typed: Option<String>,
}

/// The form of a question, of which only what was typed matters.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    pub confirm: String,
}

impl Question {
    pub fn ask(self, page: Page) -> Result<Response, Failure> {
        html_with(StatusCode::OK, &Confirm { page, question: self, mistakes: Mistakes::none() })
    }

    /// Whether the form brought what has to be typed; if not, the answer that asks again.
    pub fn check(self, page: &Page, typed: &str) -> Result<(), Box<Result<Response, Failure>>> {
        if self.typed.as_deref().is_none_or(|wanted| wanted == typed.trim()) {
            return Ok(());
        }
        let again = || {
            let mistakes = Mistakes::from_error(page, Error::field(TYPED, "confirm-name"), TYPED)?;
            let confirm = Confirm { page: page.clone(), question: self, mistakes };
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &confirm)
        };
        Err(Box::new(again()))
    }
}
