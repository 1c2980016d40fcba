//! The page for an error: what happened, what to do next, and what to tell the operator.

use std::time::Duration;

use askama::Template;
use axum::response::{IntoResponse, Response};
use hearth_core::{BrokenRequest, Error, Limit, urls};
use http::{StatusCode, header::RETRY_AFTER};

use crate::{
    failure::{self, Failure},
    form::Mistakes,
    page::Page,
    respond::{html_with, see_other},
    words::{Words, bytes, duration, grouped},
};

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    status: u16,
    title: String,
    explanation: String,
    next_step: String,
    mistakes: Mistakes,
    code: String,
}

/// Draws the page; `bare` is the response without a body that the handler gave.
pub(crate) fn draw(page: &Page, failure: &Failure, bare: Response) -> Response {
    let error = &*failure.0;
    if let Error::Internal(source) = error {
        log(page, &**source);
    }
    if matches!(error, Error::SignInRequired) && page.viewer.is_none() {
        return see_other(&urls::sign_in_and_return(&page.path));
    }
    let status = failure::status(error);
    let Ok(mut response) = html_with(status, &describe(page, error, status)) else { return bare };
    if let Some(wait) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
    }
    response
}

/// Logs the whole chain of causes, once.
fn log(page: &Page, source: &(dyn std::error::Error + Send + Sync)) {
    let mut chain = source.to_string();
    let mut next = source.source();
    while let Some(cause) = next {
        chain.push_str(": ");
        chain.push_str(&cause.to_string());
        next = cause.source();
    }
    tracing::error!(request.id = page.reference, request.path = page.path, error = chain, "a page failed");
}

/// A limit in readable form; its key tells what is counted.
pub(crate) fn amount(words: Words, limit: &Limit) -> String {
    match limit.key {
        key if key.ends_with("_bytes") => bytes(limit.most),
        key if key.ends_with("_seconds") => duration(words, Duration::from_secs(limit.most)),
        _ => grouped(limit.most),
    }
}

fn describe<'a>(page: &'a Page, error: &Error, status: StatusCode) -> ErrorPage<'a> {
    let words = page.words();
    let find = |key: &str| words.find(key);
    let described = |title: &str, code: String, next: &str| ErrorPage {
        page,
        status: status.as_u16(),
        title: title.to_owned(),
        explanation: find(&format!("error-{code}")).unwrap_or_default(),
        next_step: next.to_owned(),
        mistakes: Mistakes::none(),
        code,
    };
    match error {
        Error::NotFound(kind) => {
            let next = if page.is_signed_in() {
                t!(page, "error-not-found-next")
            } else {
                t!(page, "error-not-found-next-anonymous")
            };
            described(t!(page, "error-not-found-title"), format!("not-found-{kind}"), next)
        }
        Error::SignInRequired => {
            described(t!(page, "error-sign-in-title"), "sign-in".to_owned(), t!(page, "error-sign-in-next"))
        }
        Error::Forbidden(action) => described(
            t!(page, "error-forbidden-title"),
            format!("forbidden-{action}"),
            t!(page, "error-forbidden-next"),
        ),
        Error::Conflict(conflict) => described(
            t!(page, "error-conflict-title"),
            format!("conflict-{conflict}"),
            t!(page, "error-conflict-next"),
        ),
        Error::Invalid(fields) => {
            let mistakes = Mistakes::of_fields(page.words(), fields);
            let page = described(
                t!(page, "error-invalid-title"),
                "invalid".to_owned(),
                t!(page, "error-invalid-next"),
            );
            ErrorPage { mistakes, ..page }
        }
        Error::TooLarge(limit) => ErrorPage {
            explanation: t!(page, "error-too-large", limit = amount(words, limit), key = limit.key),
            ..described(
                t!(page, "error-too-large-title"),
                "too-large".to_owned(),
                t!(page, "error-too-large-next"),
            )
        },
        Error::QuotaSpent(quota) => ErrorPage {
            explanation: t!(page, "error-quota", used = quota.used, most = quota.most),
            ..described(t!(page, "error-quota-title"), "quota".to_owned(), t!(page, "error-quota-next"))
        },
        Error::Request(broken) => {
            let code = match broken {
                BrokenRequest::Stalled => "request-stalled",
                BrokenRequest::Cut => "request-cut",
            };
            described(t!(page, "error-request-title"), code.to_owned(), t!(page, "error-request-next"))
        }
        Error::TooManyRequests { retry_after } => ErrorPage {
            explanation: t!(page, "error-too-many", seconds = retry_after.as_secs().max(1)),
            ..described(
                t!(page, "error-too-many-title"),
                "too-many".to_owned(),
                t!(page, "error-too-many-next"),
            )
        },
        Error::Unavailable(part) => described(
            t!(page, "error-unavailable-title"),
            format!("unavailable-{part}"),
            t!(page, "error-unavailable-next"),
        ),
        Error::Internal(_) => described(
            t!(page, "error-internal-title"),
            "internal".to_owned(),
            t!(page, "error-internal-next"),
        ),
    }
}

/// Turns a panic into a failure, for which the middleware draws the same page.
#[expect(clippy::needless_pass_by_value, reason = "the layer passes a box")]
pub(crate) fn from_panic(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default();
    Failure::from(Error::internal(format!("a handler panicked: {text}"))).into_response()
}
