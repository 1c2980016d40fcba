//! What follows a branch to its new name: open pull requests, rules that name it, and addresses.

use hearth_core::{
    Conflict, Error, Kind, Permission, Read, Result, RuleKind, Write,
    event::{BranchRuleEvent, RepositoryEvent, Subject},
};
use hearth_git::{BranchName, ObjectId, RefUpdate};
use hearth_store::{
    branch_redirect, branch_rule as rule_row, pull_request as pull_row, repository as repository_row,
};

use crate::{Access, App, GitResult as _, Operation, branch_rule, push, repository::update_head};

/// Deeper addresses are not looked at.
const MOST_SEGMENTS: usize = 32;

/// A branch that gets another name.
pub(super) struct Renaming {
    pub(super) from: BranchName,
    pub(super) to: BranchName,
    pub(super) tip: ObjectId,
    /// Whether it is the default branch, and stays that.
    pub(super) is_default: bool,
}

/// Gives a branch its new name. The rules are asked about all of it first. Then the new name is made; everything that knows the
/// branch by its name learns the new one, in one operation; and last the old name goes. So a stop at any point leaves at most
/// one name too many, and nothing takes the branch for deleted.
pub(super) async fn rename(
    app: &App,
    access: &Access<Write>,
    git: &hearth_git::Repository,
    renaming: &Renaming,
) -> Result<()> {
    let Renaming { from, to, tip, .. } = renaming;
    let made = RefUpdate { name: to.full(), old: None, new: Some(*tip) };
    let gone = RefUpdate { name: from.full(), old: Some(*tip), new: None };
    let both = [made.clone(), gone.clone()];
    let allowed = branch_rule::check_renaming(app, access, git, &both).await?;
    let repository = access.repository();
    let reference_update = app.reference_updates().begin(repository.id);
    git.update_references(&[made]).await.map_git()?;
    let facts = push::inspect_updates(git, &both, &repository.default_branch).await?;
    let mut operation = app.begin().await?;
    let now = operation.now();
    let row = repository_row::lock(&mut operation, repository.id).await?;
    let row = row.ok_or(Error::NotFound(Kind::Repository))?;
    if (row.default_branch == from.as_str()) != renaming.is_default {
        // Somebody chose another default branch meanwhile.
        return Err(Error::Conflict(Conflict::State));
    }
    pull_row::rename_branch(&mut operation, repository.id, from.as_str(), to.as_str()).await?;
    rename_rule(&mut operation, access, from, to).await?;
    push::insert_record(&mut operation, repository.id, access.actor().user_id(), &facts, now).await?;
    branch_redirect::put(&mut operation, repository.id, (from.as_str(), to.as_str()), now).await?;
    if renaming.is_default {
        rename_default(&mut operation, access, to).await?;
    }
    allowed.record(&mut operation, access).await?;
    operation.commit().await?;
    if renaming.is_default {
        update_head(app, repository.id).await?;
    }
    match git.update_references(&[gone]).await {
        Ok(()) => reference_update.recorded(),
        // Somebody pushed to the old name meanwhile: it is a branch of its own, and recorded as one soon.
        Err(hearth_git::Error::Conflict { .. }) => {}
        Err(error) => return Err(error).map_git(),
    }
    Ok(())
}

async fn rename_default(operation: &mut Operation, access: &Access<Write>, to: &BranchName) -> Result<()> {
    let (repository, now) = (access.repository(), operation.now());
    let default_branch = to.to_string();
    let changes = repository_row::Changes {
        default_branch: Some(default_branch.clone()),
        ..repository_row::Changes::default()
    };
    repository_row::update(operation, repository.id, &changes, now).await?;
    let edited = RepositoryEvent::Edited { visibility: repository.visibility, default_branch };
    operation.record_in(access, Subject::Repository(repository.id), edited).await?;
    Ok(())
}

/// A rule that names the branch itself goes with it, unless there is one for the new name. It stays where it is when whoever
/// renames the branch may not change rules: else they could free a name of its rule, and push there what it forbids.
async fn rename_rule(
    operation: &mut Operation,
    access: &Access<Write>,
    from: &BranchName,
    to: &BranchName,
) -> Result<()> {
    if !access.can(Permission::Administer) {
        return Ok(());
    }
    let (repository, kind) = (access.repository().id, RuleKind::Branch);
    let Some(mut rule) = rule_row::find_by_pattern(operation, repository, kind, from.as_str()).await? else {
        return Ok(());
    };
    if rule_row::find_by_pattern(operation, repository, kind, to.as_str()).await?.is_some() {
        return Ok(());
    }
    rule.pattern = to.to_string();
    let now = operation.now();
    rule_row::update(operation, &rule, now).await?;
    let edited = BranchRuleEvent::Edited { rule: rule.id, kind, pattern: rule.pattern };
    operation.record_in(access, Subject::Repository(repository), edited).await?;
    Ok(())
}

/// Where a branch is now that an address names, if it was renamed: its old name there, and its new one. `rest` is the name and
/// a path in one.
pub async fn redirected(app: &App, access: &Access<Read>, rest: &str) -> Result<Option<(String, String)>> {
    let ends = rest.match_indices('/').map(|(place, _)| place).chain([rest.len()]);
    let names: Vec<String> = ends.take(MOST_SEGMENTS).map(|end| rest[..end].to_owned()).collect();
    Ok(branch_redirect::find(&mut app.store().read().await?, access.repository().id, &names).await?)
}
