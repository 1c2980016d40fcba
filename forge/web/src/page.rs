//! What every page knows: its reader, language, theme and address.

use std::{borrow::Borrow, time::Instant};

use axum::extract::FromRequestParts;
use hearth_app::{
    Actor, ClientAddress,
    pull_request::PullRequest,
    user::{SignUpMode, User},
};
use hearth_core::{Error, TaskState, Timestamp, UserName};
use http::request::Parts;

use crate::{
    Language, Registry,
    failure::Failure,
    flash::Flash,
    theme::Theme,
    words::{Html, Words},
};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    pub name: UserName,
    /// The name to show; the account's name where none was given.
    pub display_name: String,
    pub is_admin: bool,
}

impl Viewer {
    pub fn of(user: &User) -> Self {
        Self { name: user.name.clone(), display_name: user.shown_name().to_owned(), is_admin: user.is_admin }
    }
}

/// The frame around a page's own content. Handlers take it as an argument; templates call it `self.page`.
#[derive(Clone, Debug)]
pub struct Page {
    pub language: Language,
    pub theme: Theme,
    pub viewer: Option<Viewer>,
    /// The actor for every call to the app.
    pub actor: Actor,
    /// Where the request comes from; password guesses are counted per address.
    pub client: ClientAddress,
    /// The CSRF token of every form; see `components/form.html`.
    pub csrf: String,
    /// What a visitor needs to create an account; `Closed` for those who have one.
    pub sign_up_mode: SignUpMode,
    /// Path and query of this request, to come back to.
    pub path: String,
    pub flash: Option<Flash>,
    /// Until when the reader acts as a site administrator, if they do.
    pub administering_until: Option<Timestamp>,
    pub now: Timestamp,
    /// Identifies this request in the log and on error pages.
    pub reference: String,
    /// When the request came in.
    pub started: Instant,
    /// The tabs and menus of all pages.
    pub registry: &'static Registry,
}

impl Page {
    pub const fn words(&self) -> Words {
        Words::of(self.language)
    }

    /// Milliseconds since the request came in, for the footer.
    pub fn elapsed(&self) -> u128 {
        self.started.elapsed().as_millis()
    }

    pub fn is_signed_in(&self) -> bool {
        self.viewer.is_some()
    }

    /// Whether a visitor can create an account, by themselves or with a code.
    pub fn can_sign_up(&self) -> bool {
        self.sign_up_mode != SignUpMode::Closed
    }

    pub fn is_admin(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.is_admin)
    }

    /// The name of the signed-in user; empty when nobody is signed in.
    pub fn viewer_name(&self) -> &str {
        self.viewer.as_ref().map_or("", |viewer| viewer.name.as_str())
    }

    /// The signed-in user, or an error that leads to the sign-in form.
    pub fn require_viewer(&self) -> Result<&Viewer, Error> {
        self.viewer.as_ref().ok_or(Error::SignInRequired)
    }

    /// This page's address with another language, for `hreflang`.
    pub fn in_language(&self, language: Language) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{path}?lang={}", language.as_str())
    }

    /// A point in time, relative in text and absolute in the title.
    pub fn time(&self, at: impl Borrow<Timestamp>) -> Html {
        crate::time::relative(self.words(), *at.borrow(), self.now)
    }

    /// A point in time as `2026-11-21 14:05 UTC`.
    pub fn date(&self, at: impl Borrow<Timestamp>) -> Html {
        crate::time::absolute(*at.borrow())
    }

    /// The picture of an account, drawn from its name.
    pub fn avatar(&self, name: impl AsRef<str>, size: u32) -> Html {
        crate::avatar::draw(name.as_ref(), size)
    }

    /// Avatar and name, linked to the profile.
    pub fn person(&self, name: impl AsRef<str>) -> Html {
        let name = name.as_ref();
        let avatar = self.avatar(name, 20);
        let link = Html::link(&hearth_core::urls::user(name), name);
        Html::trusted(format!("<span class=\"person\">{avatar}{link}</span>"))
    }

    /// The pagination links of a list with `last` pages; filters stay in the address.
    pub fn pagination(&self, current: u32, last: u32) -> Html {
        crate::pagination::links(self.words(), &self.path, current, last)
    }

    /// A bar of how much of something is used; `text` says it in words.
    pub fn capacity(&self, used: u64, reserved: u64, total: u64, text: impl AsRef<str>) -> Html {
        crate::bar::capacity(used, reserved, total, text.as_ref())
    }

    /// The pill for a task state: shape, word and colour.
    pub fn task_state(&self, state: impl Borrow<TaskState>) -> Html {
        crate::pill::task(self.words(), *state.borrow())
    }

    /// The pill for the state of a pull request.
    pub fn pull_state(&self, pull: &PullRequest) -> Html {
        crate::pill::pull(self.words(), pull.state, pull.is_draft)
    }

    /// The pill for an issue's state.
    pub fn issue_state(&self, is_open: bool) -> Html {
        let (class, icon, word) = if is_open {
            ("open", icon!("issue-open"), t!(self, "common-issue-open"))
        } else {
            ("closed", icon!("issue-closed"), t!(self, "common-issue-closed"))
        };
        Html::trusted(format!("<span class=\"pill pill-{class}\">{icon}{word}</span>"))
    }
}

impl<S: Sync> FromRequestParts<S> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let page = parts.extensions.get::<Self>().cloned();
        page.ok_or_else(|| Failure::from(Error::internal("a page was asked for outside the pages' router")))
    }
}
