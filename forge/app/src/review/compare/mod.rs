//! Two revisions compared, also across forks: what one has that the other lacks, before a pull request is opened.

mod name;
mod recent;
mod template;

use hearth_core::{Error, Kind, Read, Result, Unit, urls::Revision};
use hearth_git::{AheadBehind, Commit, ObjectId, OpenRepository};
use hearth_store::{
    fork,
    pull_request::PullRequest,
    pull_request_list::{Branch, find_open},
    repository as row,
};

pub use name::{ComparedNames, HeadOwner};
pub use recent::{RecentBranch, recent_branches};
pub use template::{TEMPLATE_PLACES, template, without_head};

use crate::{
    Access, App, GitResult as _, access,
    code::{self, DrawnFile, ReadDiff, Wanted},
    pull_request::HeadName,
    repository::git,
};

/// The most commits that are listed: the newest.
const MOST_COMMITS: usize = 250;

/// One of the two sides.
#[derive(Clone, Debug)]
pub struct Side {
    pub access: Access<Read>,
    pub revision: Revision,
    pub commit: ObjectId,
}

impl Side {
    /// The branch, where it is one.
    pub fn branch(&self) -> Option<&str> {
        match &self.revision {
            Revision::Branch(name) => Some(name),
            Revision::Tag(_) | Revision::Commit(_) => None,
        }
    }
}

/// How the head differs from the base, seen from where their histories part.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub base: Side,
    pub head: Side,
    /// None: they share no history.
    pub merge_base: Option<ObjectId>,
    /// How many commits the head has more, and how many less.
    pub ahead: u64,
    pub behind: u64,
    /// The commits of the head, oldest first; of very many, the newest.
    pub commits: Vec<Commit>,
    pub files: Vec<DrawnFile>,
    pub total_files: usize,
    /// Whether there may be more files than were counted.
    pub is_counted_in_part: bool,
    pub additions: usize,
    pub deletions: usize,
    /// Whether files are left out.
    pub is_truncated: bool,
    /// The open pull request for the same two branches.
    pub open: Option<PullRequest>,
}

impl Comparison {
    /// The head as a new pull request names it; none unless both sides are branches.
    pub fn head_name(&self) -> Option<HeadName> {
        self.base.branch()?;
        let branch = self.head.branch()?.to_owned();
        let (base, head) = (self.base.access.repository(), self.head.access.repository());
        let repository = (base.id != head.id).then(|| (head.owner.to_string(), head.name.to_string()));
        Some(HeadName { repository, branch })
    }
}

/// Compares the two sides that an address names. `access` is to the repository of the base.
pub async fn compare(
    app: &App,
    access: &Access<Read>,
    names: &ComparedNames,
    wanted: &Wanted,
) -> Result<Comparison> {
    let base_access = access.enter_unit(Unit::Code)?;
    let head_access = enter_head(app, &base_access, names.head_owner.as_ref()).await?;
    let base = side(app, base_access, &names.base).await?;
    let head = side(app, head_access, &names.head).await?;
    let (from, to, request) = (base.commit, head.commit, wanted.request());
    let found = read_both(app, &base, &head, move |git| {
        let found = git.compare(from, to, MOST_COMMITS, &request)?;
        let read = ReadDiff::new(git, found.diff, to)?;
        Ok((found.merge_base, found.counts.value, found.commits.value, read))
    });
    let (merge_base, AheadBehind { ahead, behind }, commits, read) = found.await?;
    let open = match (base.branch(), head.branch()) {
        (Some(to), Some(from)) if access.can_in(Unit::Pulls, hearth_core::Permission::Read) => {
            let base = Branch { repository: base.access.repository().id, name: to };
            let head = Branch { repository: head.access.repository().id, name: from };
            find_open(&mut app.store().read().await?, base, head).await?
        }
        _ => None,
    };
    let diff = &read.diff;
    Ok(Comparison {
        merge_base,
        ahead: ahead as u64,
        behind: behind as u64,
        commits,
        total_files: diff.total_files,
        is_counted_in_part: diff.left_out.is_some(),
        additions: diff.additions,
        deletions: diff.deletions,
        is_truncated: diff.is_truncated,
        files: read.draw(app).await?,
        open,
        base,
        head,
    })
}

/// The repositories whose branches a pull request to this one can ask to merge: itself, and the forks and origins
/// whose code the actor may read. At most `most`.
pub async fn sources(app: &App, access: &Access<Read>, most: usize) -> Result<Vec<Access<Read>>> {
    let code = access.enter_unit(Unit::Code)?;
    let mut reader = app.store().read().await?;
    let ids = fork::list_network(&mut reader, code.repository().id, most).await?;
    let mut found = Vec::new();
    for id in ids {
        let Some(repository) = row::find(&mut reader, id).await? else { continue };
        let entered = access::enter(&mut reader, access.actor(), Unit::Code, repository).await;
        found.extend(access::if_seen(entered)?);
    }
    Ok(found)
}

async fn side(app: &App, access: Access<Read>, revision: &str) -> Result<Side> {
    let found = code::resolve(app, &access, revision).await?;
    Ok(Side { access, revision: found.revision, commit: found.commit })
}

/// The repository of the head. What the actor may not read does not exist.
async fn enter_head(app: &App, base: &Access<Read>, owner: Option<&HeadOwner>) -> Result<Access<Read>> {
    let own = base.repository();
    match owner {
        None => Ok(base.clone()),
        Some(HeadOwner::Repository(owner, name)) => {
            access::open(app, base.actor(), Unit::Code, own.kind, owner, name).await
        }
        Some(HeadOwner::Owner(name)) if *name == own.owner.as_str() => Ok(base.clone()),
        Some(HeadOwner::Owner(name)) => {
            let mut reader = app.store().read().await?;
            for id in fork::list_network(&mut reader, own.id, MOST_NETWORK).await? {
                let Some(found) = row::find(&mut reader, id).await? else { continue };
                if found.owner.as_str().eq_ignore_ascii_case(name) {
                    return access::enter(&mut reader, base.actor(), Unit::Code, found).await;
                }
            }
            Err(Error::NotFound(Kind::Repository))
        }
    }
}

/// The most forks among which an owner's is looked for.
const MOST_NETWORK: usize = 200;

/// Reads commits of both sides where they are. Nothing is copied: looking at a comparison must not leave commits of a
/// private fork where everybody can ask for them.
async fn read_both<T: Send + 'static>(
    app: &App,
    base: &Side,
    head: &Side,
    work: impl FnOnce(&OpenRepository) -> hearth_git::Result<T> + Send + 'static,
) -> Result<T> {
    let own = git(app, base.access.repository()).await?;
    if base.access.repository().id == head.access.repository().id {
        return own.run_expensive(work).await.map_git();
    }
    let fork = git(app, head.access.repository()).await?;
    own.run_with_objects_of(&fork, work).await.map_git()
}

/// The head as a new pull request names it.
pub async fn head_name(app: &App, access: &Access<Read>, names: &ComparedNames) -> Result<HeadName> {
    let entered = enter_head(app, &access.enter_unit(Unit::Code)?, names.head_owner.as_ref()).await?;
    let (base, head) = (access.repository(), entered.repository());
    let repository = (base.id != head.id).then(|| (head.owner.to_string(), head.name.to_string()));
    Ok(HeadName { repository, branch: names.head.clone() })
}
