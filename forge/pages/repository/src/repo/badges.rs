//! `/{owner}/{name}/badges/…svg`: a state as a small picture, for READMEs and other sites. Nothing in it runs or loads anything.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, GitResult as _, Unit, commit_status, release, repository, task};
use hearth_core::{Error, Kind, Permission, StatusState, TaskId, TaskState};
use hearth_git::BranchName;
use hearth_http::routing::get as on_get;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY, X_CONTENT_TYPE_OPTIONS},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{RepositoryVisit, raw::is_known};
use crate::{Failure, Page, Web};

/// How long others may show a picture without asking again.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=60");
const KEPT_BY_READER: HeaderValue = HeaderValue::from_static("private, max-age=60");
/// Longer texts are cut.
const LONGEST: usize = 40;

#[derive(Debug, Deserialize)]
pub(crate) struct AtBadge {
    file: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BadgeQuery {
    /// For the status: another branch than the default one.
    branch: String,
    /// For a task: its number.
    id: String,
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/badges/{file}", on_get(get))
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtBadge>,
    Query(query): Query<BadgeQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let badge = match at.file.as_str() {
        "release.svg" => of_release(&app, &page, &visit).await?,
        "status.svg" => of_status(&app, &page, &visit, &query.branch).await?,
        "task.svg" => of_task(&app, &page, &visit, &query.id).await?,
        _ => return Err(Error::NotFound(Kind::Page).into()),
    };
    let svg = badge.draw();
    let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(svg.as_bytes())[..16]));
    if is_known(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let is_private = visit.access.repository().visibility.is_private();
    let mut shown = HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (CACHE_CONTROL, if is_private { KEPT_BY_READER } else { KEPT }),
        (VARY, HeaderValue::from_static("accept-language, cookie")),
        // Other sites show it as well.
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ]);
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        shown.insert(ETAG, tag);
    }
    Ok((shown, svg).into_response())
}

async fn of_release(app: &App, page: &Page, visit: &RepositoryVisit) -> Result<Badge, Error> {
    let access = visit.access.enter_unit(Unit::Releases)?;
    let name = t!(page, "repo-badges-release");
    Ok(match release::latest(app, &access).await {
        Ok(card) => Badge::new(name, &card.release.tag_name, Colour::Blue),
        Err(Error::NotFound(Kind::Release)) => Badge::new(name, t!(page, "repo-badges-none"), Colour::Grey),
        Err(error) => return Err(error),
    })
}

async fn of_status(app: &App, page: &Page, visit: &RepositoryVisit, branch: &str) -> Result<Badge, Error> {
    let default = &visit.access.repository().default_branch;
    let name = if branch.is_empty() { default } else { branch };
    let wanted = BranchName::new(name).map_err(|_| Error::NotFound(Kind::Branch))?;
    let git = repository::git(app, visit.access.repository()).await?;
    let tip = git.run(move |git| git.branch(&wanted)).await.map_git()?;
    let state = match tip {
        Some(tip) => {
            let id = tip.to_string();
            let latest = commit_status::latest(app, &visit.access, &[id.as_str()]).await?;
            StatusState::combined(latest.into_iter().map(|status| status.state))
        }
        None => None,
    };
    let (word, colour) = match state {
        Some(StatusState::Success) => (t!(page, "repo-badges-passing"), Colour::Green),
        Some(StatusState::Warning) => (t!(page, "repo-badges-warning"), Colour::Amber),
        Some(StatusState::Pending) => (t!(page, "repo-badges-pending"), Colour::Amber),
        Some(StatusState::Failure | StatusState::Error) => (t!(page, "repo-badges-failing"), Colour::Red),
        None => (t!(page, "repo-badges-unknown"), Colour::Grey),
    };
    Ok(Badge::new(name, word, colour))
}

async fn of_task(app: &App, page: &Page, visit: &RepositoryVisit, id: &str) -> Result<Badge, Error> {
    if !visit.access.can_in(Unit::Tasks, Permission::Read) {
        return Err(Error::NotFound(Kind::Task));
    }
    let id: TaskId = id.parse().map_err(|_| Error::NotFound(Kind::Task))?;
    let found = task::find(app, &page.actor, id).await?;
    if found.repository().id != visit.access.repository().id {
        return Err(Error::NotFound(Kind::Task));
    }
    let state = found.task().state;
    let colour = match state {
        TaskState::Succeeded => Colour::Green,
        TaskState::Failed | TaskState::CreatedFailed => Colour::Red,
        TaskState::Running | TaskState::Stopping => Colour::Blue,
        TaskState::Preparing | TaskState::Waiting | TaskState::Creating => Colour::Amber,
        TaskState::Stopped | TaskState::Unknown => Colour::Grey,
    };
    let key = format!("common-state-{}", state.as_str().to_ascii_lowercase().replace('_', "-"));
    let word = page.words().find(&key).unwrap_or_default();
    Ok(Badge::new(&found.task().name, &word, colour))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    Green,
    Amber,
    Red,
    Blue,
    Grey,
}

impl Colour {
    /// Dark enough for white letters.
    const fn fill(self) -> &'static str {
        match self {
            Self::Green => "#1a7f37",
            Self::Amber => "#7d5400",
            Self::Red => "#b3202c",
            Self::Blue => "#1f6f8b",
            Self::Grey => "#57606a",
        }
    }
}

/// A name and a word.
struct Badge {
    name: String,
    word: String,
    colour: Colour,
}

impl Badge {
    fn new(name: &str, word: &str, colour: Colour) -> Self {
        Self { name: cut(name), word: cut(word), colour }
    }

    fn draw(&self) -> String {
        let (left, right) = (width(&self.name), width(&self.word));
        let (whole, middle_left, middle_right) = (left + right, left / 2, left + right / 2);
        let (name, word, fill) = (escaped(&self.name), escaped(&self.word), self.colour.fill());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" role=\"img\" aria-label=\"{name}: {word}\">\
             <title>{name}: {word}</title>\
             <rect width=\"{whole}\" height=\"20\" rx=\"3\" fill=\"#33383e\"/>\
             <path fill=\"{fill}\" d=\"M{left} 0h{inner}a3 3 0 0 1 3 3v14a3 3 0 0 1 -3 3H{left}z\"/>\
             <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"11\">\
             <text x=\"{middle_left}\" y=\"14\">{name}</text><text x=\"{middle_right}\" y=\"14\">{word}</text></g></svg>",
            inner = right.saturating_sub(3),
        )
    }
}

fn cut(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_control());
    let mut kept: String = plain.clone().take(LONGEST).collect();
    if plain.count() > LONGEST {
        kept.push('…');
    }
    kept
}

/// About how wide a text is at this size, in pixels: Chinese letters are twice as wide as others.
fn width(text: &str) -> usize {
    12 + text.chars().map(|letter| if letter.is_ascii() { 7 } else { 12 }).sum::<usize>()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_markup() {
        let svg = Badge::new("</text><script>x", "a\"b", Colour::Green).draw();
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;") && svg.contains("a&quot;b"));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(cut(&"x".repeat(60)).chars().count(), LONGEST + 1);
    }
}
