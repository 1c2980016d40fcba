//! What a rule demands, in a few words each.

use hearth_core::{BranchRuleSettings, RuleKind, WhoMay};

use crate::Page;

/// What differs from a branch or a tag without a rule; never empty.
pub(super) fn summary(page: &Page, kind: RuleKind, settings: &BranchRuleSettings) -> Vec<String> {
    let mut said = Vec::new();
    if kind == RuleKind::Branch {
        said.extend(who(page, &settings.push, t!(page, "repo-rules-sum-push")));
        said.extend(who(page, &settings.merge, t!(page, "repo-rules-sum-merge")));
    }
    let moving = match kind {
        RuleKind::Branch => t!(page, "repo-rules-sum-force"),
        RuleKind::Tag => t!(page, "repo-rules-sum-move"),
    };
    said.extend(who(page, &settings.force_push, moving));
    said.extend(who(page, &settings.create, t!(page, "repo-rules-sum-create")));
    said.extend(who(page, &settings.delete, t!(page, "repo-rules-sum-delete")));
    if kind == RuleKind::Branch {
        if settings.approvals > 0 {
            said.push(t!(page, "repo-rules-sum-approvals", count = settings.approvals));
        }
        if !settings.checks.is_empty() {
            said.push(t!(page, "repo-rules-sum-checks", count = settings.checks.len() as u64));
        }
        if let Some(asked) = &settings.retraining {
            said.push(t!(page, "repo-rules-sum-retraining", name = asked.name.as_str()));
        }
        let demands = [
            (settings.needs_code_owners, t!(page, "repo-rules-code-owners")),
            (settings.blocks_on_changes_requested, t!(page, "repo-rules-blocks")),
            (settings.lapses_on_change, t!(page, "repo-rules-lapses")),
            (settings.needs_up_to_date, t!(page, "repo-rules-up-to-date")),
            (settings.needs_resolved_threads, t!(page, "repo-rules-resolved")),
            (settings.linear_history, t!(page, "repo-rules-linear")),
            (settings.signed_commits, t!(page, "repo-rules-signed")),
        ];
        said.extend(demands.into_iter().filter(|(is_on, _)| *is_on).map(|(_, text)| text.to_owned()));
    }
    if said.is_empty() {
        said.push(t!(page, "repo-rules-sum-nothing").to_owned());
    }
    said
}

/// None where everybody with write access may.
fn who(page: &Page, who: &WhoMay, act: &str) -> Option<String> {
    Some(match who {
        WhoMay::Writers => return None,
        WhoMay::Nobody => t!(page, "repo-rules-sum-nobody", act = act),
        WhoMay::Listed { people, teams } => {
            t!(page, "repo-rules-sum-listed", act = act, count = (people.len() + teams.len()) as u64)
        }
        WhoMay::Administrators => t!(page, "repo-rules-sum-administrators", act = act),
    })
}
