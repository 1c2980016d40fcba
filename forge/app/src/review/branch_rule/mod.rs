//! Rules for branches and tags: who may change them and how, and what a merge into them needs.
//!
//! Every rule whose pattern matches holds. A narrower pattern adds demands and lifts none, so that the order of the rules means
//! nothing and nobody has to find out which one wins. Rules are about code: whoever administers the repository can always
//! change them, whatever they say.

mod breach;
mod demands;
mod gate;
mod glob;
mod listed;
mod rights;
mod rules;

use hearth_core::{
    Administer, BranchRuleId, BranchRuleSettings, Conflict, Error, FieldErrors, Kind, Result, RuleKind,
    WhoMay,
    event::{BranchRuleEvent, Subject},
};
pub use hearth_store::branch_rule::BranchRule;
use hearth_store::{Json, Meaning as _, branch_rule as row, repository};

pub(crate) use breach::{Breach, Way};
pub(crate) use demands::{Demands, bypass_demands, merge_demands};
pub use demands::{is_context, required_checks};
pub(crate) use gate::{
    Allowed, Objects, Refused, check_renaming, check_updates, check_updates_strictly, has_unsigned_between,
    judge,
};
pub(crate) use glob::Glob;
pub use listed::{Names, names, who_may};
pub use rights::may_push_to;
pub(crate) use rights::{Rights, may_merge_into};
pub(crate) use rules::Rules;

use crate::{Access, App, retraining};

/// The most letters of a pattern, and of the name of a check.
pub const LONGEST_PATTERN: usize = 255;
/// The most approvals that a rule can ask for.
pub const MOST_APPROVALS: u32 = 20;
/// The most checks that a rule can name, and people and teams in one of its lists.
pub const MOST_LISTED: usize = 50;

/// A rule to create, or what one is to become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRule {
    pub kind: RuleKind,
    pub pattern: String,
    pub settings: BranchRuleSettings,
}

/// All rules of a repository, those for branches first, by pattern.
pub async fn list(app: &App, access: &Access<Administer>) -> Result<Vec<BranchRule>> {
    Ok(row::list(&mut app.store().read().await?, access.repository().id).await?)
}

pub async fn find(app: &App, access: &Access<Administer>, id: BranchRuleId) -> Result<BranchRule> {
    let found = row::find(&mut app.store().read().await?, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::BranchRule))
}

/// Creates a rule; there is one for each pattern.
pub async fn create(app: &App, access: &Access<Administer>, new: &NewRule) -> Result<BranchRule> {
    let repository = access.repository().id;
    check(new)?;
    let mut operation = app.begin().await?;
    let now = operation.now();
    repository::lock(&mut operation, repository).await?.ok_or(Error::NotFound(Kind::Repository))?;
    if row::count(&mut operation, repository).await? >= app.limits().branch_rules {
        return Err(Error::TooLarge(app.limits().branch_rules_of_repository()));
    }
    let new = row::NewBranchRule {
        repository_id: repository,
        kind: new.kind,
        pattern: pattern(new).to_owned(),
        settings: new.settings.clone(),
        created_at: now,
    };
    let rule = row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    let event = BranchRuleEvent::Created { rule: rule.id, kind: rule.kind, pattern: rule.pattern.clone() };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    operation.commit().await?;
    Ok(rule)
}

/// Changes the pattern and the settings of a rule; what it is for stays.
pub async fn edit(
    app: &App,
    access: &Access<Administer>,
    id: BranchRuleId,
    new: &NewRule,
) -> Result<BranchRule> {
    let repository = access.repository().id;
    check(new)?;
    let mut operation = app.begin().await?;
    let now = operation.now();
    let old = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::BranchRule))?;
    let rule = BranchRule {
        pattern: pattern(new).to_owned(),
        settings: Json(new.settings.clone()),
        updated_at: now,
        ..old
    };
    row::update(&mut operation, &rule, now).await.on_taken(Conflict::NameTaken)?;
    let event = BranchRuleEvent::Edited { rule: id, kind: rule.kind, pattern: rule.pattern.clone() };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    operation.commit().await?;
    Ok(rule)
}

pub async fn delete(app: &App, access: &Access<Administer>, id: BranchRuleId) -> Result<BranchRule> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let rule = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::BranchRule))?;
    row::delete(&mut operation, &rule).await?;
    let event = BranchRuleEvent::Deleted { rule: id, kind: rule.kind, pattern: rule.pattern.clone() };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    operation.commit().await?;
    Ok(rule)
}

fn pattern(new: &NewRule) -> &str {
    new.pattern.trim()
}

fn check(new: &NewRule) -> Result<()> {
    let mut mistakes = FieldErrors::default();
    let pattern = pattern(new);
    if pattern.is_empty() {
        mistakes.add("pattern", "required");
    } else if pattern.chars().count() > LONGEST_PATTERN {
        mistakes.add("pattern", "too-long");
    } else if !may_match_a_name(pattern) {
        mistakes.add("pattern", "ref-name");
    }
    let settings = &new.settings;
    if settings.approvals > MOST_APPROVALS {
        mistakes.add("approvals", "too-large");
    }
    let is_fine = |check: &String| {
        !check.is_empty() && check.chars().count() <= LONGEST_PATTERN && !check.contains(char::is_control)
    };
    if settings.checks.len() > MOST_LISTED {
        mistakes.add("checks", "too-many");
    } else if !settings.checks.iter().all(is_fine) {
        mistakes.add("checks", "characters");
    }
    if let Some(asked) = &settings.retraining {
        retraining::check(asked, &mut mistakes);
    }
    let lists = [
        ("push", &settings.push),
        ("force_push", &settings.force_push),
        ("create", &settings.create),
        ("delete", &settings.delete),
        ("merge", &settings.merge),
        ("bypass", &settings.bypass),
        ("only_listed_approvals", &settings.only_listed_approvals),
    ];
    for (field, who) in lists {
        if let WhoMay::Listed { people, teams } = who
            && people.len() + teams.len() > MOST_LISTED
        {
            mistakes.add(field, "too-many");
        }
    }
    mistakes.into_result()
}

/// Whether a branch or a tag could have a name that the pattern matches.
fn may_match_a_name(pattern: &str) -> bool {
    let is_fine = |letter: char| {
        !letter.is_control() && !letter.is_whitespace() && !matches!(letter, '~' | '^' | ':' | '\\')
    };
    pattern.chars().all(is_fine)
        && !pattern.starts_with("refs/")
        && !pattern.starts_with('/')
        && !pattern.ends_with('/')
        && !pattern.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_no_name_can_match_is_refused() {
        for pattern in ["main", "release/*", "**", "v?.*", "分支/**", "用户-*"] {
            assert!(may_match_a_name(pattern), "{pattern}");
        }
        for pattern in ["refs/heads/main", "/a", "a/", "a//b", "a b", "a:b", "a\u{7}"] {
            assert!(!may_match_a_name(pattern), "{pattern}");
        }
    }
}
