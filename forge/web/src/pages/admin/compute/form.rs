//! What the forms of all rows have in common: what was typed is shown again, with what is wrong with it or what it would touch.

use axum::response::Response;
use hearth_app::Effect;
use hearth_core::Error;

use super::address;
use crate::{Failure, Flash, Mistakes, Page, respond::see_other_with};

/// What was typed, and what is to be said of it.
#[derive(Default)]
pub(super) struct Shown<D> {
    pub(super) form: D,
    pub(super) mistakes: Mistakes,
    pub(super) effect: Option<Effect>,
}

impl<D> Shown<D> {
    /// Nothing is to be said of it yet.
    pub(super) fn new(form: D) -> Self {
        Self { form, mistakes: Mistakes::default(), effect: None }
    }

    /// It was not taken.
    pub(super) fn refused(page: &Page, form: D, error: Error) -> Result<Self, Failure> {
        Ok(Self { mistakes: Mistakes::from_error(page, error, "code")?, ..Self::new(form) })
    }

    /// After a change, or the preview of one: none when it was saved.
    pub(super) fn answered(
        page: &Page,
        form: D,
        outcome: Result<Option<Effect>, Error>,
    ) -> Result<Option<Self>, Failure> {
        match outcome {
            Ok(None) => Ok(None),
            Ok(effect) => Ok(Some(Self { effect, ..Self::new(form) })),
            Err(error) => Self::refused(page, form, error).map(Some),
        }
    }
}

/// Back to the list of a section below `/-/admin/compute`, with a sentence about one of its rows.
pub(super) fn done(section: &str, flash: &'static str, code: impl Into<String>) -> Response {
    see_other_with(&address(section), Flash::new(flash, code))
}
