//! `/{owner}/{name}/pulls/{number}/commits`: the commits of a pull request, by day.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App, access,
    commit_status::{self, CommitStatus},
    pull_request::{self, Version},
    verification::{self, Verification},
};
use hearth_core::{Timestamp, Unit, urls::Revision};
use hearth_git::{Commit, ObjectId};

use super::{AtPull, Framed, Part, PullFrame, check_state, frame};
use crate::{
    Failure, Page, RepositoryHead,
    repo::{RepositoryVisit, verified},
    respond,
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/commits.html")]
struct Commits {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    days: Vec<Day>,
    versions: Vec<VersionRow>,
    /// Whether these are all.
    is_whole: bool,
    /// False until the commits of a fork have arrived.
    is_prepared: bool,
}

struct Day {
    date: String,
    commits: Vec<Row>,
}

struct Row {
    id: String,
    short: String,
    title: String,
    /// The commit among the changes of the pull request.
    address: String,
    source: String,
    author: String,
    time: Html,
    is_merge: bool,
    verified: Option<Html>,
    /// What was reported about it; empty: nothing.
    checks: Html,
}

/// A version, and where one sees what has changed since.
struct VersionRow {
    number: i64,
    short: String,
    sentence: Html,
    is_forced: bool,
    /// None: it is the newest.
    since: Option<String>,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let Framed { head, frame } = frame(&app, &page, &visit, number, Part::Commits).await?;
    let found = pull_request::commits(&app, &visit.access, number).await?;
    let versions = pull_request::versions(&app, &visit.access, number).await?;
    let ids: Vec<String> = found.commits.iter().map(|commit| commit.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let statuses = match access::if_seen(visit.access.enter_unit(Unit::Code))? {
        Some(code) => commit_status::latest(&app, &code, &ids).await?,
        None => Vec::new(),
    };
    let signed = found.commits.iter().filter(|commit| commit.is_signed);
    let signed: Vec<_> = signed.map(|commit| (commit.id, commit.committer.email.clone())).collect();
    let signed_ids: Vec<ObjectId> = signed.iter().map(|(id, _)| *id).collect();
    let checked = verification::verify(&app, &visit.access, signed).await?;
    let known = Known { statuses, verified: signed_ids.into_iter().zip(checked).collect() };
    let files = visit.urls.pull_part(number, "files");
    let newest = versions.last().map_or(1, |version| version.number);
    respond::html(&Commits {
        days: days(&page, &visit, &files, &found.commits, &known),
        versions: versions.iter().rev().map(|version| version_row(&page, &files, version, newest)).collect(),
        is_whole: found.is_whole,
        is_prepared: found.is_prepared,
        page,
        head,
        frame,
    })
}

/// What is known of commits.
struct Known {
    statuses: Vec<CommitStatus>,
    /// Of those with a signature.
    verified: HashMap<ObjectId, Verification>,
}

/// The commits in the order in which they were made, under their days.
fn days(page: &Page, visit: &RepositoryVisit, files: &str, commits: &[Commit], known: &Known) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for commit in commits {
        let date = commit.committer.time.strftime("%Y-%m-%d").to_string();
        let row = row(page, visit, files, commit, known);
        match days.last_mut().filter(|day| day.date == date) {
            Some(day) => day.commits.push(row),
            None => days.push(Day { date, commits: vec![row] }),
        }
    }
    days
}

fn row(page: &Page, visit: &RepositoryVisit, files: &str, commit: &Commit, known: &Known) -> Row {
    let id = commit.id.to_string();
    let checks = check_state::combined(&known.statuses, &id).map(|state| check_state::icon(page, state));
    Row {
        short: commit.id.short(),
        title: commit.title.clone(),
        address: format!("{files}?commit={id}"),
        source: visit.urls.source(&Revision::Commit(id.clone()), ""),
        author: commit.author.name.clone(),
        time: page.time(Timestamp::new(commit.committer.time)),
        is_merge: commit.parent_count > 1,
        verified: known.verified.get(&commit.id).and_then(|known| verified::badge(page, known)),
        checks: checks.unwrap_or_default(),
        id,
    }
}

fn version_row(page: &Page, files: &str, version: &Version, newest: i64) -> VersionRow {
    let time = page.time(version.created_at);
    let sentence = match &version.pusher {
        Some(name) => {
            let who = Html::link(&hearth_core::urls::user(name.as_str()), name.as_str());
            rich!(page, "repo-pulls-commits-pushed", who = who, time = time)
        }
        None => rich!(page, "repo-pulls-commits-found", time = time),
    };
    VersionRow {
        number: version.number,
        short: version.head_id.chars().take(10).collect(),
        sentence,
        is_forced: version.is_forced,
        since: (version.number < newest).then(|| format!("{files}?since={}", version.number)),
    }
}
