//! Whose turn it is, in a sentence.

use hearth_app::review::{AuthorTask, Turn};

use crate::{Page, words::Html};

/// None where nobody has to do anything.
pub(crate) fn sentence(page: &Page, turn: &Turn, author: &str) -> Option<Html> {
    match turn {
        Turn::Author(task) => Some(of_author(page, *task, author)),
        Turn::Reviewers(names) => {
            let names = Html::trusted(names.iter().map(|name| reviewer(name)).collect::<Vec<_>>().join(", "));
            Some(rich!(page, "repo-pulls-turn-reviewers", names = names))
        }
        Turn::Mergers => Some(Html::text(t!(page, "repo-pulls-turn-mergers"))),
        Turn::Nobody => None,
    }
}

/// A person with a link, or a team as `organisation/team`.
fn reviewer(name: &str) -> String {
    if name.contains('/') {
        Html::strong(name).to_string()
    } else {
        Html::link(&hearth_core::urls::user(name), name).to_string()
    }
}

fn of_author(page: &Page, task: AuthorTask, author: &str) -> Html {
    let author = Html::link(&hearth_core::urls::user(author), author);
    match task {
        AuthorTask::Draft => rich!(page, "repo-pulls-turn-draft", author = author),
        AuthorTask::ResolveConflicts => rich!(page, "repo-pulls-turn-conflicts", author = author),
        AuthorTask::Restore => rich!(page, "repo-pulls-turn-restore", author = author),
        AuthorTask::FixChecks => rich!(page, "repo-pulls-turn-checks", author = author),
        AuthorTask::AnswerReview => rich!(page, "repo-pulls-turn-answer", author = author),
        AuthorTask::ResolveThreads => rich!(page, "repo-pulls-turn-threads", author = author),
        AuthorTask::Update => rich!(page, "repo-pulls-turn-update", author = author),
        AuthorTask::AskForReview => rich!(page, "repo-pulls-turn-ask", author = author),
    }
}
