//! The page for an error: what happened, what to do next, and what to tell the operator.

use std::time::Duration;

use askama::Template;
use axum::response::{IntoResponse, Response};
use hearth_core::{Action, BrokenRequest, Error, Limit, urls};
use http::{StatusCode, header::RETRY_AFTER};

use crate::{
    OrganizationHead, RepositoryHead, Web,
    entered::{Entered, Place, Visit},
    failure::{self, Failure},
    form::Mistakes,
    page::Page,
    respond::{html_with, see_other},
    words::{Html, Words, bytes, duration, grouped},
};

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    explained: Explained,
}

/// The same, inside a repository that the reader has entered.
#[derive(Template)]
#[template(path = "pages/error_in_repository.html")]
struct ErrorInRepository<'a> {
    page: &'a Page,
    head: RepositoryHead,
    explained: Explained,
}

/// The same, inside an organisation.
#[derive(Template)]
#[template(path = "pages/error_in_organization.html")]
struct ErrorInOrganization<'a> {
    page: &'a Page,
    head: OrganizationHead,
    explained: Explained,
}

/// What `components/error.html` says.
pub struct Explained {
    pub status: u16,
    pub title: String,
    pub explanation: String,
    /// Said unless there is somebody who can help.
    pub next_step: String,
    pub mistakes: Mistakes,
    pub code: String,
    /// Who can help.
    pub helper: Option<Html>,
    /// Where to go on; empty: to the reader's start page, or to sign in.
    pub steps: Vec<Step>,
}

impl Explained {
    /// The code and the reference to tell the operator.
    fn reference(&self, page: &Page) -> String {
        t!(page, "error-reference", code = self.code.as_str(), reference = page.reference.as_str())
    }
}

/// A button of an error page.
#[derive(Clone, Debug)]
pub struct Step {
    pub address: String,
    pub text: String,
}

impl Step {
    pub fn new(address: impl Into<String>, text: impl Into<String>) -> Self {
        Self { address: address.into(), text: text.into() }
    }
}

/// Draws the page; `bare` is the response without a body that the handler gave. In a repository or an
/// organisation that the reader has entered, the page stays inside.
pub async fn draw(web: &Web, page: &Page, entered: &Entered, failure: &Failure, bare: Response) -> Response {
    let error = &*failure.error;
    if let Error::Internal(source) = error {
        log(page, &**source);
    }
    if matches!(error, Error::SignInRequired) && page.viewer.is_none() {
        return see_other(&urls::sign_in_and_return(&page.path));
    }
    let status = failure::status(error);
    let explained = describe(page, error, status);
    let place = entered.place().filter(|_| stays_inside(error));
    let drawn = match place {
        Some(place) => inside(web, page, place, failure, status, explained).await,
        None => html_with(status, &ErrorPage { page, explained }),
    };
    // What fails twice is shown without a head.
    let drawn =
        drawn.or_else(|_| html_with(status, &ErrorPage { page, explained: describe(page, error, status) }));
    let Ok(mut response) = drawn else { return bare };
    if let Some(wait) = error.retry_after() {
        response.headers_mut().insert(RETRY_AFTER, wait.as_secs().into());
    }
    response
}

/// Whether the error is about something inside, and not about the site.
const fn stays_inside(error: &Error) -> bool {
    matches!(
        error,
        Error::NotFound(_)
            | Error::Forbidden(_)
            | Error::Conflict(_)
            | Error::Invalid(_)
            | Error::TooLarge(_)
            | Error::QuotaSpent(_)
    )
}

async fn inside(
    web: &Web,
    page: &Page,
    place: &Place,
    failure: &Failure,
    status: StatusCode,
    mut explained: Explained,
) -> Result<Response, Failure> {
    if let Error::Forbidden(action) = &*failure.error {
        if *action == Action::CrossSite {
            // No permission is missing, but perhaps the session has ended meanwhile.
            if !page.is_signed_in() {
                let sign_in = urls::sign_in_and_return(&page.path);
                explained.steps.push(Step::new(sign_in, t!(page, "common-bar-sign-in")));
            }
        } else {
            explained.helper = Some(place.helper(page));
        }
    }
    explained.steps.extend_from_slice(&failure.steps);
    match place.visit() {
        Visit::Repository(visit) => {
            explained.steps.extend(visit.steps(page, &failure.error));
            let head = visit.head_of(web.app(), "").await?;
            html_with(status, &ErrorInRepository { page, head, explained })
        }
        Visit::Organization(visit) => {
            explained.steps.push(Step::new(visit.urls.home(), t!(page, "error-go-organization")));
            let head = visit.head_of(web.app(), "").await?;
            html_with(status, &ErrorInOrganization { page, head, explained })
        }
    }
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
pub fn amount(words: Words, limit: &Limit) -> String {
    match limit.key {
        key if key.ends_with("_bytes") => bytes(limit.most),
        key if key.ends_with("_seconds") => duration(words, Duration::from_secs(limit.most)),
        _ => grouped(limit.most),
    }
}

fn describe(page: &Page, error: &Error, status: StatusCode) -> Explained {
    let words = page.words();
    let find = |key: &str| words.find(key);
    let described = |title: &str, code: String, next: &str| Explained {
        status: status.as_u16(),
        title: title.to_owned(),
        explanation: find(&format!("error-{code}")).unwrap_or_default(),
        next_step: next.to_owned(),
        mistakes: Mistakes::none(),
        code,
        helper: None,
        steps: Vec::new(),
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
        Error::Forbidden(Action::CrossSite) => described(
            t!(page, "error-expired-title"),
            "forbidden-cross-site".to_owned(),
            t!(page, "error-expired-next"),
        ),
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
            let explained = described(
                t!(page, "error-invalid-title"),
                "invalid".to_owned(),
                t!(page, "error-invalid-next"),
            );
            Explained { mistakes, ..explained }
        }
        Error::TooLarge(limit) => Explained {
            explanation: t!(page, "error-too-large", limit = amount(words, limit), key = limit.key),
            ..described(
                t!(page, "error-too-large-title"),
                "too-large".to_owned(),
                t!(page, "error-too-large-next"),
            )
        },
        Error::QuotaSpent(quota) => Explained {
            explanation: match quota.name {
                "lfs" => t!(page, "error-quota", used = bytes(quota.used), most = bytes(quota.most)),
                _ => t!(page, "error-quota", used = quota.used, most = quota.most),
            },
            ..described(t!(page, "error-quota-title"), "quota".to_owned(), t!(page, "error-quota-next"))
        },
        Error::Request(broken) => {
            let code = match broken {
                BrokenRequest::Stalled => "request-stalled",
                BrokenRequest::Cut => "request-cut",
            };
            described(t!(page, "error-request-title"), code.to_owned(), t!(page, "error-request-next"))
        }
        Error::TooManyRequests { retry_after } => Explained {
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
pub fn from_panic(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text = panic.downcast_ref::<String>().cloned();
    let text = text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default();
    Failure::from(Error::internal(format!("a handler panicked: {text}"))).into_response()
}
