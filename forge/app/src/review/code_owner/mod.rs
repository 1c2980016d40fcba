//! The owners of code, as the file `CODEOWNERS` of the base branch names them: they are asked for a review, and a rule can ask for
//! their approval.

mod resolve;

use std::collections::{BTreeMap, BTreeSet};

use hearth_core::{
    Result, SubscriptionReason, ThreadEventKind,
    code_owners::CodeOwners,
    event::{Audience, PullRequestEvent, Subject},
};
use hearth_git::{ObjectId, OpenRepository, TreePath};
use hearth_store::{
    pull_request::{self, PullRequest},
    repository::{self, Repository},
    review,
    review_request::{self, NewReviewRequest, Reviewer},
    thread_event, thread_subscription,
};
use serde_json::json;

use crate::{App, GitResult as _, Operation, branch_rule::Rights, repository::git, review::version::id};
use resolve::{Owner, resolve};

/// Where the file may lie; the first that is found counts.
const PLACES: [&str; 4] = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"];
/// Changed files whose owners are looked up; a pull request that changes more has owners that cannot be known.
const MOST_FILES: usize = 20_000;
/// Owners of one pull request that are looked up.
const MOST_OWNERS: usize = 100;
/// Files that are named where their owners have not approved.
const MOST_NAMED: usize = 5;

/// Requests that were taken back, which are not made again.
const MOST_WITHDRAWN: u64 = 200;

/// Files that wait for one of their owners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ownership {
    /// As the file names them.
    pub(crate) owners: Vec<String>,
    /// The first of the files.
    pub(crate) paths: Vec<String>,
    /// Those of the owners who cannot approve: no account with write access and no team of the repository has this name.
    pub(crate) unknown: Vec<String>,
}

/// The changed files that have owners.
#[derive(Debug, Default)]
struct Owned {
    /// Path and owners, as the file names them.
    files: Vec<(String, Vec<String>)>,
    /// There are more files than are looked at.
    is_truncated: bool,
}

impl Owned {
    /// As long as it is not known what changes, nobody can have approved it.
    const fn unknown() -> Self {
        Self { files: Vec::new(), is_truncated: true }
    }
}

/// The files whose owners have not approved, when these people have.
pub(crate) async fn without_approval(
    app: &App,
    repository: &Repository,
    pull_request: &PullRequest,
    approvers: &[&Rights],
) -> Result<Ownership> {
    let owned = owned(app, repository, pull_request).await?;
    let known = resolve_all(app, repository, &owned).await?;
    let has_approved = |owner: &String| {
        let owner = known.get(owner).and_then(Option::as_ref);
        owner.is_some_and(|owner| approvers.iter().any(|rights| owner.is_met_by(rights)))
    };
    let mut missing = Ownership::default();
    if owned.is_truncated {
        missing.paths.push("…".to_owned());
    }
    for (path, owners) in owned.files {
        if owners.iter().any(has_approved) {
            continue;
        }
        if missing.paths.len() < MOST_NAMED {
            missing.paths.push(path);
        }
        for owner in owners {
            if !missing.owners.contains(&owner) && missing.owners.len() < MOST_OWNERS {
                if known.get(&owner).is_some_and(Option::is_none) {
                    missing.unknown.push(owner.clone());
                }
                missing.owners.push(owner);
            }
        }
    }
    Ok(missing)
}

/// Asks the owners of what a pull request changes for their review, unless they wrote it, have reviewed it, or were asked
/// before; nothing for drafts. Commits for itself.
pub(crate) async fn request_reviews(app: &App, pull_request: &PullRequest) -> Result<()> {
    let mut reader = app.store().read().await?;
    // What was found out about it since the caller read it counts.
    let found = pull_request::find_by_id(&mut reader, pull_request.id).await?;
    let Some(pull_request) = found.filter(|found| found.is_open() && !found.is_draft) else { return Ok(()) };
    let found = repository::find(&mut reader, pull_request.repository_id).await?;
    let Some(repository) = found else { return Ok(()) };
    drop(reader);
    let owned = owned(app, &repository, &pull_request).await?;
    let owners = resolve_all(app, &repository, &owned).await?;
    if owners.values().all(Option::is_none) {
        return Ok(());
    }
    let mut operation = app.begin().await?;
    let Some(current) = pull_request::lock(&mut operation, pull_request.id).await? else { return Ok(()) };
    if current.is_draft || !current.is_open() {
        return Ok(());
    }
    let mut room = app.limits().review_requests;
    room = room.saturating_sub(review_request::count(&mut operation, current.id).await?);
    let mut heard = BTreeSet::from([current.author_id]);
    let standing = review::list_standing(&mut operation, &[current.id]).await?;
    heard.extend(standing.into_iter().map(|standing| standing.user_id));
    let commenters = review::list_commenters(&mut operation, &[current.id]).await?;
    heard.extend(commenters.into_iter().map(|commenter| commenter.user_id));
    let kind = ThreadEventKind::ReviewRequestRemoved;
    let withdrawn = thread_event::list_of_kind(&mut operation, current.id, kind, MOST_WITHDRAWN).await?;
    let mut is_changed = false;
    for owner in owners.values().flatten() {
        let is_heard = owner.person().is_some_and(|person| heard.contains(&person))
            || withdrawn.iter().any(|event| event.text("name") == owner.name);
        if room > 0 && !is_heard && ask(&mut operation, &current, owner).await? {
            room -= 1;
            is_changed = true;
        }
    }
    if is_changed { operation.commit().await } else { Ok(()) }
}

/// `false`: they were asked before.
async fn ask(operation: &mut Operation, pull_request: &PullRequest, owner: &Owner) -> Result<bool> {
    let now = operation.now();
    let new = NewReviewRequest {
        thread_id: pull_request.id,
        reviewer: owner.reviewer,
        requested_by: None,
        is_by_code_owners: true,
        created_at: now,
    };
    if !review_request::insert(operation, &new).await? {
        return Ok(false);
    }
    if let Reviewer::Person(person) = owner.reviewer {
        let reason = SubscriptionReason::ReviewRequested;
        thread_subscription::follow(operation, pull_request.id, person, reason, now).await?;
    }
    let is_team = owner.person().is_none();
    let data = json!({ "name": owner.name, "is_team": is_team, "is_by_code_owners": true });
    let kind = ThreadEventKind::ReviewRequested;
    thread_event::insert(operation, pull_request.id, None, kind, data, now).await?;
    let event = PullRequestEvent::ReviewRequested {
        number: pull_request.number,
        title: pull_request.title.clone(),
        reviewer: owner.name.clone(),
        is_team,
    };
    let audience = Audience::Repository(pull_request.repository_id);
    operation.record(None, Subject::PullRequest(pull_request.id), audience, event).await?;
    Ok(true)
}

/// Reads the file of the base branch, and finds the owners of what changes.
async fn owned(app: &App, repository: &Repository, pull_request: &PullRequest) -> Result<Owned> {
    let merge_base = pull_request.merge_base_id.as_deref().and_then(id);
    let (Some(merge_base), Some(base), Some(head)) =
        (merge_base, id(&pull_request.base_id), id(&pull_request.head_id))
    else {
        return Ok(Owned::unknown());
    };
    let most_bytes = app.limits().code_owners_bytes;
    let git = git(app, repository).await?;
    let found = git.run_expensive(move |git| {
        let text = match read_file(git, base, most_bytes)? {
            File::None => return Ok(Owned::default()),
            File::TooLarge => return Ok(Owned::unknown()),
            File::Text(text) => text,
        };
        // The commits of a fork may not have arrived.
        if !git.has_object(head) {
            return Ok(Owned::unknown());
        }
        let paths = git.changed_paths(merge_base, head, MOST_FILES)?;
        let (rules, _problems) = CodeOwners::parse(&text);
        let Some(owned) = rules.owned(paths.value) else { return Ok(Owned::unknown()) };
        let named = |owners: Vec<_>| owners.iter().map(ToString::to_string).collect();
        let files = owned.into_iter().map(|(path, owners)| (path, named(owners))).collect();
        Ok(Owned { files, is_truncated: paths.left_out.is_some() })
    });
    found.await.map_git()
}

/// The file in a commit.
enum File {
    None,
    /// It names owners, but nobody knows whom: then nobody can have approved for them.
    TooLarge,
    Text(String),
}

/// The first of the files that there is.
fn read_file(git: &OpenRepository, commit: ObjectId, most_bytes: u64) -> hearth_git::Result<File> {
    for path in PLACES {
        let entry = git.find_entry(commit, &TreePath::file(path)?)?;
        let Some(entry) = entry.filter(|entry| entry.kind.is_blob()) else { continue };
        let data = git.blob(entry.id, most_bytes)?.data;
        let text = data.map(|data| File::Text(String::from_utf8_lossy(&data).into_owned()));
        return Ok(text.unwrap_or(File::TooLarge));
    }
    Ok(File::None)
}

/// The accounts and teams behind the owners that are named, by how they are named; none behind a name that nobody may
/// approve as. Beyond [`MOST_OWNERS`], names are not looked up and not in the map.
async fn resolve_all(
    app: &App,
    repository: &Repository,
    owned: &Owned,
) -> Result<BTreeMap<String, Option<Owner>>> {
    let names: BTreeSet<&String> = owned.files.iter().flat_map(|(_, owners)| owners).collect();
    let mut reader = app.store().read().await?;
    let mut found = BTreeMap::new();
    for name in names.into_iter().take(MOST_OWNERS) {
        found.insert(name.clone(), resolve(&mut reader, repository, name).await?);
    }
    Ok(found)
}
