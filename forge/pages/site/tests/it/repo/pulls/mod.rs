//! Pages of pull requests.

mod checks;
mod cherry_pick;
mod commits;
mod edit;
mod files;
mod line_comment;
mod list;
mod merge;
mod patch;
mod resolve;
mod retrain;
mod review;
mod reviewers;
mod settings;
mod show;
mod suggestions;
mod viewed;

use hearth_app::{
    Access, Unit, access,
    content::{self, Action, FileChange},
    pull_request::{self, HeadName, NewPullRequest},
};
use hearth_core::{Read, RepositoryKind::Code};

use super::project;
use crate::site::Site;

/// The files of the pull request.
pub(crate) const FILES: &str = "/mei/llm/pulls/1/files";

/// Thirty lines, the tenth of which says `tenth`.
pub(crate) fn program(tenth: &str) -> String {
    (1..=30).map(|line| if line == 10 { format!("{tenth}\n") } else { format!("line {line}\n") }).collect()
}

pub(crate) async fn enter(site: &Site, name: &str, unit: Unit) -> Access<Read> {
    let actor = site.hearth.actor(name).await;
    access::open(&site.hearth.app, &actor, unit, Code, "mei", "llm").await.expect("it is public")
}

/// Commits a file to a branch as its owner, as the web editor does.
pub(crate) async fn push(site: &Site, branch: &str, path: &str, text: &str) {
    let reading = enter(site, "mei", Unit::Code).await;
    let access = reading.write().expect("mei owns it");
    let content = text.as_bytes().to_vec();
    let is_there = content::find(&site.hearth.app, &reading, Some(branch), path).await.is_ok();
    let action =
        if is_there { Action::Update { content, sha: None, from: None } } else { Action::Create { content } };
    let change = FileChange {
        path: path.to_owned(),
        action,
        branch: Some(branch.to_owned()),
        new_branch: None,
        message: Some(format!("Change {path}")),
        author: None,
    };
    content::change(&site.hearth.app, &access, change).await.expect("committed");
    site.hearth.run_jobs().await;
}

/// A site where the pull request 1 of `mei/llm` asks to merge `feature`, which changes the tenth line of `program.py`
/// and adds `new.txt`.
pub(crate) async fn asked() -> Site {
    let site = project().await;
    push(&site, "main", "program.py", &program("before")).await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "feature", "main").await.expect("a new branch");
    push(&site, "feature", "program.py", &program("after")).await;
    push(&site, "feature", "new.txt", "one\ntwo\n").await;
    let new = NewPullRequest {
        title: "Improve the program".into(),
        base_branch: "main".into(),
        head: HeadName { repository: None, branch: "feature".into() },
        ..NewPullRequest::default()
    };
    let pulls = enter(&site, "mei", Unit::Pulls).await;
    pull_request::open(&site.hearth.app, &pulls, new).await.expect("opened");
    site.hearth.run_jobs().await;
    site
}
