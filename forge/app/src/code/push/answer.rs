//! The reply that the pusher sees: what was stored, what it started, and where to look.

use hearth_core::{RepositoryKind, urls::RepositoryUrls};
use hearth_git::UpdateKind;
use hearth_store::repository::Repository;
use hearth_words::{Words, t};

use super::{
    proposal::{Proposal, proposals},
    record::{Moved, Recorded},
};
use crate::App;

/// At most this many references are listed.
pub(super) const SHOWN: usize = 5;

/// What git shows after `remote:`, with empty lines around it.
pub(super) async fn lines(app: &App, words: Words, row: &Repository, recorded: &Recorded) -> Vec<String> {
    let urls = RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
    let mut lines = vec![String::new()];
    for moved in recorded.moved.iter().take(SHOWN) {
        lines.push(describe(words, moved));
        if let Some(revision) = moved.revision() {
            lines.push(format!("  {}", app.urls().absolute(&urls.source(&revision, ""))));
        }
    }
    if recorded.moved.len() > SHOWN {
        lines.push(t!(words, "push-more", count = recorded.moved.len() - SHOWN));
    }
    for Proposal { branch, number, address } in proposals(app, row, &recorded.moved).await {
        lines.push(match number {
            Some(number) => t!(words, "push-pull-request", name = branch, number = number.0),
            None => t!(words, "push-pull-request-new", name = branch),
        });
        lines.push(format!("  {}", app.urls().absolute(&address)));
    }
    if row.kind == RepositoryKind::Code {
        lines.push(t!(words, "push-no-task").to_owned());
        lines.push(format!("  {}", app.urls().absolute(&urls.task_new())));
    }
    lines.push(String::new());
    lines
}

fn describe(words: Words, moved: &Moved) -> String {
    const MOST: usize = Moved::MOST_COMMITS;
    let name = moved.shown_name();
    match (moved.update.kind(), moved.commits) {
        (UpdateKind::Delete, _) => t!(words, "push-deleted", name = name),
        (UpdateKind::Create, 0) => t!(words, "push-new", name = name),
        (UpdateKind::Create, MOST..) => t!(words, "push-new-many-commits", name = name, most = MOST),
        (UpdateKind::Create, count) => t!(words, "push-new-commits", name = name, count = count),
        (UpdateKind::Update, 0) => t!(words, "push-moved-back", name = name),
        (UpdateKind::Update, MOST..) => t!(words, "push-many-commits", name = name, most = MOST),
        (UpdateKind::Update, count) => t!(words, "push-commits", name = name, count = count),
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::Language;
    use hearth_git::{ObjectId, RefName, RefUpdate};

    use super::*;

    #[test]
    fn a_push_is_described_in_both_languages() {
        let (old, new) = (Some(ObjectId::EMPTY_TREE), Some(ObjectId::ZERO));
        let moved = |old, new, commits| Moved {
            update: RefUpdate { name: RefName::new("refs/heads/main").expect("a good name"), old, new },
            commits,
            titles: Vec::new(),
            is_forced: false,
        };
        let said = |moved: &Moved| {
            [Language::En, Language::ZhCn].map(|language| describe(Words::of(language), moved))
        };
        assert_eq!(said(&moved(None, new, 1)), ["Created main with 1 commit.", "已创建 main，含 1 个提交。"]);
        assert_eq!(said(&moved(old, new, 2)), ["Added 2 commits to main.", "已向 main 添加 2 个提交。"]);
        assert_eq!(said(&moved(old, None, 0)), ["Deleted main.", "已删除 main。"]);
        let many = said(&moved(old, new, Moved::MOST_COMMITS));
        assert_eq!(many, ["Added at least 100 commits to main.", "已向 main 添加至少 100 个提交。"]);
    }
}
