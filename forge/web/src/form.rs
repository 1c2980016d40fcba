//! Forms: accepted only with their CSRF token, and shown again with the input and its mistakes.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use hearth_core::{Action, BrokenRequest, Error, FieldError};
use hearth_words::field;
use http::header::CONTENT_TYPE;
use serde::{Deserialize, de::DeserializeOwned};
use subtle::ConstantTimeEq;

use crate::{failure::Failure, page::Page, words::Words};

/// The name of the hidden field in every form.
pub const TOKEN_FIELD: &str = "csrf";

/// A urlencoded form whose CSRF token was checked. Plain forms are received in no other way.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// For forms that consist of a button only.
#[derive(Debug, Deserialize)]
pub struct NoFields {}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let page = request.extensions().get::<Page>().cloned();
        let page = page.ok_or_else(|| Error::internal("a form was taken outside the pages' router"))?;
        let kind =
            request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Error::field("form", "form-unreadable").into());
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|error| {
                match BrokenRequest::behind(&error) {
                    Some(broken) => Error::Request(broken),
                    None => Error::field("form", "form-too-large"),
                }
            })?;
        let token = url::form_urlencoded::parse(&bytes).find(|(name, _)| name == TOKEN_FIELD);
        check_token(&page, token.as_ref().map_or("", |(_, token)| token))?;
        let value =
            serde_html_form::from_bytes(&bytes).map_err(|_| Error::field("form", "form-unreadable"))?;
        Ok(Self(value))
    }
}

/// Checks the CSRF token of forms that are read in another way, such as multipart.
pub fn check_token(page: &Page, token: &str) -> Result<(), Failure> {
    if bool::from(token.as_bytes().ct_eq(page.csrf.as_bytes())) {
        Ok(())
    } else {
        Err(Error::Forbidden(Action::CrossSite).into())
    }
}

/// What was wrong with a form, to be shown at its top and beside its fields.
#[derive(Clone, Debug, Default)]
pub struct Mistakes(Vec<Mistake>);

/// One bad field.
#[derive(Clone, Debug)]
pub struct Mistake {
    pub field: &'static str,
    pub sentence: String,
}

impl Mistakes {
    pub fn none() -> Self {
        Self::default()
    }

    /// The mistakes of [`Error::Invalid`], or a conflict that one field resolves; returns other errors.
    ///
    /// `on_conflict` names the field a conflict belongs to, e.g. `name` where names are unique.
    pub fn from_error(page: &Page, error: Error, on_conflict: &'static str) -> Result<Self, Error> {
        match error {
            Error::Invalid(fields) => Ok(Self::of_fields(page.words(), &fields)),
            Error::Conflict(conflict) => Ok(Self(vec![Mistake {
                field: on_conflict,
                sentence: page.words().find(&format!("error-conflict-{conflict}")).unwrap_or_default(),
            }])),
            other => Err(other),
        }
    }

    /// One sentence about one field.
    pub fn one(field: &'static str, sentence: String) -> Self {
        Self(vec![Mistake { field, sentence }])
    }

    pub fn of_fields(words: Words, fields: &[FieldError]) -> Self {
        let mistake =
            |error: &FieldError| Mistake { field: error.field, sentence: field::sentence(words, error) };
        Self(fields.iter().map(mistake).collect())
    }

    /// Adds what another check found.
    pub fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.0.iter()
    }

    /// The sentences about one field.
    pub fn of(&self, field: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|mistake| mistake.field == field)
            .map(|mistake| mistake.sentence.as_str())
            .collect()
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = std::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
