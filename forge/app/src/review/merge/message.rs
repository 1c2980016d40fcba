//! The messages of merge commits: proposed, edited, checked.

use std::collections::BTreeSet;

use hearth_core::{Error, MergeMethod, Result, Visibility};
use hearth_git::{Commit, Range};
use hearth_store::{repository, user};

use super::NewMerge;
use crate::{
    App, GitResult as _,
    content::signature,
    pull_request::{Place, PullRequest, object},
    thread::LONGEST_TITLE,
};

/// Of so many commits, a squashed commit names the titles and the authors.
const MOST_COMMITS: usize = 250;

/// A message in two parts, as forms show it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) title: String,
    pub(super) body: String,
}

impl Message {
    pub(super) fn whole(&self) -> String {
        match self.body.trim() {
            "" => self.title.clone(),
            body => format!("{}\n\n{body}", self.title),
        }
    }
}

/// The message that somebody wrote. None: the proposed one is to be taken.
pub(super) fn checked(app: &App, new: &NewMerge) -> Result<Option<String>> {
    let title = new.title.trim();
    if title.is_empty() {
        return Ok(None);
    }
    if title.contains(char::is_control) {
        return Err(Error::field("title", "characters"));
    }
    // The proposed one is a title of its own with some words around it.
    if title.chars().count() > LONGEST_TITLE * 2 {
        return Err(Error::field("title", "too-long"));
    }
    if new.message.contains('\0') {
        return Err(Error::field("message", "characters"));
    }
    if new.message.len() as u64 > app.limits().text_bytes {
        return Err(Error::TooLarge(app.limits().text()));
    }
    let body = new.message.replace("\r\n", "\n");
    Ok(Some(Message { title: title.to_owned(), body }.whole()))
}

/// What a merge by this method says if nobody says otherwise. A fast-forward and a rebase make no commit of their own.
pub(super) async fn proposed(app: &App, place: &Place, method: MergeMethod) -> Result<Message> {
    let pull_request = &place.pull_request;
    match method {
        MergeMethod::Merge | MergeMethod::RebaseMerge => Ok(Message {
            title: format!(
                "Merge pull request '{}' (#{}) from {} into {}",
                pull_request.title,
                pull_request.number,
                head_name(app, pull_request).await?,
                pull_request.base_branch
            ),
            body: String::new(),
        }),
        MergeMethod::Squash => squashed(app, place).await,
        MergeMethod::Rebase | MergeMethod::FastForwardOnly => Ok(Message::default()),
    }
}

/// The branch as everybody may know it: a fork is only named if everybody may see it.
async fn head_name(app: &App, pull_request: &PullRequest) -> Result<String> {
    let branch = &pull_request.head_branch;
    let fork = match pull_request.head_repository_id.filter(|_| pull_request.is_from_fork()) {
        Some(id) => repository::find(&mut app.store().read().await?, id).await?,
        None => None,
    };
    Ok(match fork.filter(|fork| fork.visibility == Visibility::Public) {
        Some(fork) => format!("{}/{}:{branch}", fork.owner, fork.name),
        None => branch.clone(),
    })
}

/// The title of the pull request, the titles of its commits, and thanks to whoever else wrote them.
async fn squashed(app: &App, place: &Place) -> Result<Message> {
    let pull_request = &place.pull_request;
    let title = format!("{} (#{})", pull_request.title, pull_request.number);
    let base = object(pull_request.merge_base_id.as_ref().unwrap_or(&pull_request.base_id))?;
    let range = Range { base, head: object(&pull_request.head_id)? };
    let read = place.git.run_expensive(move |git| {
        if !git.has_object(range.head) {
            return Ok(Vec::new());
        }
        Ok(git.commits_between(&range, MOST_COMMITS)?.value)
    });
    let commits = read.await.map_git()?;
    let author = user::find(&mut app.store().read().await?, pull_request.author_id).await?;
    let author = author.map(|author| signature(app, &author));
    let own = author.map(|author| author.email.to_lowercase()).unwrap_or_default();
    Ok(Message { title, body: body_of(&commits, &own) })
}

/// `own` is the address of the pull request's author, in lower case: they are the commit's author.
fn body_of(commits: &[Commit], own: &str) -> String {
    let mut parts = Vec::new();
    let plain: Vec<&Commit> = commits.iter().filter(|commit| commit.parent_count < 2).collect();
    if plain.len() > 1 {
        let titles: Vec<String> = plain.iter().map(|commit| format!("* {}", commit.title)).collect();
        parts.push(titles.join("\n"));
    } else if let [only] = plain[..] {
        parts.push(only.body.trim().to_owned());
    }
    let mut known = BTreeSet::from([own.to_owned()]);
    let mut thanks = Vec::new();
    for author in plain.iter().map(|commit| &commit.author) {
        if known.insert(author.email.to_lowercase()) {
            thanks.push(format!("Co-authored-by: {} <{}>", author.name, author.email));
        }
    }
    parts.push(thanks.join("\n"));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

#[cfg(test)]
mod tests {
    use hearth_git::{ObjectId, Signature};

    use super::*;

    fn commit(title: &str, body: &str, email: &str) -> Commit {
        let time = "2026-09-21T14:00:00Z".parse().expect("a time");
        let author = Signature::new("Bo", email, time).expect("a signature");
        Commit {
            id: ObjectId::EMPTY_TREE,
            tree: ObjectId::EMPTY_TREE,
            parents: Vec::new(),
            parent_count: 1,
            author: author.clone(),
            committer: author,
            title: title.to_owned(),
            body: body.to_owned(),
            is_signed: false,
            is_cut: false,
        }
    }

    #[test]
    fn a_squashed_commit_lists_its_parts_and_names_whoever_else_wrote_them() {
        let commits = [
            commit("Read the file", "Once.", "mei@example.org"),
            commit("Read it faster", "", "bo@example.org"),
            commit("Fix a word", "", "BO@example.org"),
        ];
        assert_eq!(
            body_of(&commits, "mei@example.org"),
            "* Read the file\n* Read it faster\n* Fix a word\n\nCo-authored-by: Bo <bo@example.org>"
        );
        assert_eq!(body_of(&commits[..1], "mei@example.org"), "Once.");
        assert_eq!(body_of(&[], "mei@example.org"), "");
    }

    #[test]
    fn a_message_without_a_body_is_its_title() {
        let message = |body: &str| Message { title: "A title".into(), body: body.into() }.whole();
        assert_eq!(message(" \n"), "A title");
        assert_eq!(message("Why.\n"), "A title\n\nWhy.");
    }
}
