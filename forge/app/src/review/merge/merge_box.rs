//! What a page says about merging a pull request: the obstacles, the ways, and what the reader may do.

use hearth_core::{
    AutoMerge, MergeMethod, MergeSettings, Permission, PullRequestState, Read, Result, ThreadNumber, Unit,
    UpdateMethod, UserName,
};
use hearth_git::{ConflictFile, ObjectId};
use hearth_store::{merge_settings, pull_request as row, user};

use super::{
    check::{self, Gone},
    makes_merge_commit, message, row_of,
};
use crate::{
    Access, App, GitResult as _, access,
    branch_rule::{self, Demands},
    pull_request::{HeadBranch, Place, PullRequest, object},
    review::Obstacle,
    thread::author_or_writer,
};

/// Everything about merging a pull request, for one reader.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is something that a reader may do, or not")]
pub struct MergeBox {
    /// What keeps it from being merged; empty: nothing does.
    pub obstacles: Vec<Obstacle>,
    /// Whether this reader may merge it once nothing keeps it from that.
    pub may_merge: bool,
    /// Whether this reader may merge now, although rules demand more; nothing else is left.
    pub may_bypass: bool,
    /// All ways that the repository allows, its usual one first.
    pub methods: Vec<MethodOffer>,
    /// File by file, where both branches changed the same.
    pub conflicts: Vec<ConflictFile>,
    /// Whether this reader may resolve them on the head branch.
    pub may_resolve: bool,
    pub auto_merge: Option<AutoMerge>,
    pub auto_merge_by: Option<UserName>,
    pub may_schedule: bool,
    pub may_cancel: bool,
    /// How many commits of the base the head lacks.
    pub behind: u64,
    /// How this reader may bring the head up to date. Empty: it is, or they may not.
    pub update_methods: Vec<UpdateMethod>,
    /// Whether the head branch is deleted after the merge unless they say otherwise.
    pub deletes_branch: bool,
    /// Whether this reader may delete the branch now.
    pub may_delete_branch: bool,
    pub may_restore_branch: bool,
    /// The head that all of this is about.
    pub expected_head: String,
}

/// One way to merge, with the message that it would have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodOffer {
    pub method: MergeMethod,
    /// Why this way is not open now, while others may be.
    pub obstacle: Option<Obstacle>,
    /// Empty where no commit is made.
    pub title: String,
    pub message: String,
}

/// What the reader may do with the head branch.
#[derive(Clone, Copy, Debug, Default)]
struct HeadRights {
    /// Push to it as part of this pull request.
    may_push: bool,
    may_delete: bool,
    may_restore: bool,
}

pub async fn merge_box(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<MergeBox> {
    let pull_request = row_of(app, access, number).await?;
    let mut reader = app.store().read().await?;
    let settings = merge_settings::find(&mut reader, pull_request.repository_id).await?;
    let conflicts = match row::find_conflicts(&mut reader, pull_request.id).await? {
        // Written by an earlier version of the program: the next check writes them anew.
        Some(stored) => stored.read().unwrap_or_default(),
        None => Vec::new(),
    };
    let auto_merge_by = match pull_request.auto_merge_by {
        Some(by) => user::find(&mut reader, by).await?.map(|person| person.name),
        None => None,
    };
    drop(reader);
    let head = HeadBranch::find(app, &pull_request).await?;
    let place = Place::find(app, pull_request.id).await?;
    let gone = place.as_ref().map(Gone::of).unwrap_or_default();
    let rights = head_rights(app, access, &pull_request, head.as_ref()).await?;
    let is_open = pull_request.is_open();
    let may_write = access.participant().is_ok() && access.can_in(Unit::Code, Permission::Write);
    let own = check::obstacles(app, access, &pull_request, gone).await?;
    let demands = if is_open {
        branch_rule::merge_demands(app, access, &pull_request).await?
    } else {
        Demands::default()
    };
    let is_ready = own.is_empty() && is_open && may_write;
    let behind = if is_open { behind(app, access, &pull_request).await? } else { 0 };
    let methods = match &place {
        Some(place) if may_write => offers(app, place, &settings, &demands, behind).await?,
        _ => Vec::new(),
    };
    let may_update = is_open && rights.may_push && behind > 0;
    let mut obstacles = own;
    obstacles.extend(demands.obstacles);
    Ok(MergeBox {
        may_merge: may_write && demands.may_merge,
        may_bypass: is_ready && demands.may_bypass && !(obstacles.is_empty() && demands.may_merge),
        obstacles,
        methods,
        may_resolve: is_open && rights.may_push && !conflicts.is_empty(),
        conflicts,
        may_schedule: is_open && may_write && demands.may_merge && settings.allows_auto_merge,
        may_cancel: author_or_writer(access, pull_request.author_id).is_ok(),
        auto_merge: pull_request.auto_merge.as_ref().map(|plan| plan.0.clone()),
        auto_merge_by,
        behind,
        update_methods: if may_update { settings.update_methods.clone() } else { Vec::new() },
        deletes_branch: settings.deletes_branch && rights.may_push,
        may_delete_branch: rights.may_delete,
        may_restore_branch: rights.may_restore,
        expected_head: pull_request.head_id.clone(),
    })
}

async fn head_rights(
    app: &App,
    access: &Access<Read>,
    pull_request: &PullRequest,
    head: Option<&HeadBranch>,
) -> Result<HeadRights> {
    let Some(head) = head.filter(|_| access.participant().is_ok()) else {
        return Ok(HeadRights::default());
    };
    let entered = access::open_by_id(app, access.actor(), Unit::Code, head.repository.id).await;
    let may_write = access::if_seen(entered)?.is_some_and(|entered| entered.write().is_ok());
    let may_push = pull_request.is_open()
        && access::if_seen(access::enter_head(app, access, pull_request).await)?.is_some();
    let is_at_head = head.tip.is_some_and(|tip| tip.to_string() == pull_request.head_id);
    let is_default = head.repository.default_branch == pull_request.head_branch;
    Ok(HeadRights {
        may_push,
        may_delete: may_write && !pull_request.is_open() && is_at_head && !is_default,
        may_restore: may_write && pull_request.state != PullRequestState::Open && head.tip.is_none(),
    })
}

/// Counted only while both commits are here.
async fn behind(app: &App, access: &Access<Read>, pull_request: &PullRequest) -> Result<u64> {
    if pull_request.merge_base_id.as_ref() == Some(&pull_request.base_id) {
        return Ok(0);
    }
    let (base, head): (ObjectId, ObjectId) = (object(&pull_request.base_id)?, object(&pull_request.head_id)?);
    let git = crate::repository::git(app, access.repository()).await?;
    let counted = git.run(move |git| {
        if !(git.has_object(base) && git.has_object(head)) {
            return Ok(0);
        }
        Ok(git.ahead_behind(head, base)?.value.behind)
    });
    Ok(counted.await.map_git()? as u64)
}

/// Whether the commits of the head become part of the base as they are.
const fn keeps_commits(method: MergeMethod) -> bool {
    match method {
        MergeMethod::Merge | MergeMethod::FastForwardOnly => true,
        MergeMethod::Squash | MergeMethod::Rebase | MergeMethod::RebaseMerge => false,
    }
}

/// Whether the server would make a commit that lacks the signature that is asked for.
fn is_made_unsigned(app: &App, demands: &Demands, method: MergeMethod) -> bool {
    demands.needs_signatures && app.site_key().is_none() && method != MergeMethod::FastForwardOnly
}

/// Whether a commit of the pull request is not verified. Unknown until they are here, and then said by the merge.
async fn has_unsigned(app: &App, place: &Place) -> Result<bool> {
    let Place { pull_request, git, .. } = place;
    let (base, head): (ObjectId, ObjectId) = (object(&pull_request.base_id)?, object(&pull_request.head_id)?);
    let is_here = git.run(move |git| Ok(git.has_object(base) && git.has_object(head))).await.map_git()?;
    Ok(is_here && branch_rule::has_unsigned_between(app, git, head, base).await?)
}

async fn offers(
    app: &App,
    place: &Place,
    settings: &MergeSettings,
    demands: &Demands,
    behind: u64,
) -> Result<Vec<MethodOffer>> {
    let mut methods = settings.methods.clone();
    // The usual one first; the others keep their order.
    methods.sort_by_key(|method| *method != settings.default);
    let keeps_unsigned = demands.needs_signatures && has_unsigned(app, place).await?;
    let mut offers = Vec::new();
    for method in methods {
        let message::Message { title, body } = message::proposed(app, place, method).await?;
        let obstacle = if demands.is_linear && makes_merge_commit(method) {
            Some(Obstacle::MethodNotAllowed)
        } else if (keeps_unsigned && keeps_commits(method)) || is_made_unsigned(app, demands, method) {
            Some(Obstacle::Unsigned)
        } else if method == MergeMethod::FastForwardOnly && behind > 0 {
            Some(Obstacle::Behind)
        } else {
            None
        };
        offers.push(MethodOffer { method, obstacle, title, message: body });
    }
    Ok(offers)
}
