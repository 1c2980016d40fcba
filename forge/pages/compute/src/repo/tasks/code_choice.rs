//! Which code a repeated task runs: the newest of its branch, or the commit that it ran.

use hearth_app::{
    App,
    task::{self, BranchTip, RerunCode, TaskAccess},
};
use hearth_core::{
    Error,
    urls::{RepositoryUrls, Revision},
};

use crate::{
    Page,
    words::{Html, short_hash},
};

/// The code offered by the form for a repeated task, the newest first.
pub(super) struct CodeChoice {
    /// The task that is repeated.
    pub(super) task: String,
    /// That the task's branch no longer exists.
    pub(super) gone: Option<String>,
    pub(super) options: Vec<CodeOption>,
    /// The newest commits that the task did not have, linked.
    pub(super) commits: Vec<Html>,
    /// All commits of the branch.
    pub(super) all: Option<Html>,
    /// The revision that is chosen unless the reader chooses another one.
    pub(super) default: String,
}

/// A revision that can be chosen.
pub(super) struct CodeOption {
    pub(super) revision: String,
    pub(super) label: String,
    /// How it differs from what the task ran, or what it was.
    pub(super) help: String,
}

impl CodeChoice {
    pub(super) async fn read(
        app: &App,
        page: &Page,
        access: &TaskAccess,
        urls: &RepositoryUrls,
    ) -> Result<Self, Error> {
        let code = task::rerun_code(app, access).await?;
        let has_patch = access.task().has_patch;
        let newest = code.branch.as_ref().map(|tip| newest(page, &code, tip));
        let pinned = code.pinned_title.as_ref().map(|title| pinned(page, &code.pinned, title, has_patch));
        // What was not pushed is only with the pinned commit, and a branch that is gone has nothing newer.
        let prefers_pinned = code.gone.is_some() || (code.is_same() && has_patch);
        let preferred = match (&newest, &pinned) {
            (_, Some(pinned)) if prefers_pinned => Some(pinned),
            (Some(newest), _) => Some(newest),
            (None, pinned) => pinned.as_ref(),
        };
        Ok(Self {
            task: access.id().to_string(),
            default: preferred.map(|option| option.revision.clone()).unwrap_or_default(),
            gone: code.gone.as_ref().map(|name| t!(page, "repo-tasks-new-code-gone", branch = name)),
            commits: commits(code.branch.as_ref(), urls),
            all: code.branch.as_ref().filter(|tip| !tip.titles.is_empty()).map(|tip| {
                let address = urls.commits(&Revision::Branch(tip.name.clone()), "");
                Html::link(&address, &t!(page, "repo-tasks-new-code-all", branch = tip.name))
            }),
            options: newest.into_iter().chain(pinned).collect(),
        })
    }

    /// Whether the form's revision is one of the options.
    pub(super) fn has(&self, revision: &str) -> bool {
        self.options.iter().any(|option| option.revision == revision)
    }
}

fn newest(page: &Page, code: &RerunCode, tip: &BranchTip) -> CodeOption {
    CodeOption {
        revision: tip.name.clone(),
        label: t!(page, "repo-tasks-new-code-newest", branch = tip.name, commit = short_hash(&tip.commit)),
        help: if code.is_same() {
            t!(page, "repo-tasks-new-code-same").to_owned()
        } else {
            difference(page, tip)
        },
    }
}

/// How the newest commit differs from the one that the task ran.
fn difference(page: &Page, tip: &BranchTip) -> String {
    match (tip.ahead, tip.behind) {
        (Some(ahead), Some(0)) => t!(page, "repo-tasks-new-code-ahead", count = ahead),
        (Some(0), Some(behind)) => t!(page, "repo-tasks-new-code-behind", count = behind),
        (Some(ahead), Some(behind)) => {
            t!(page, "repo-tasks-new-code-apart", ahead = ahead, behind = behind)
        }
        _ => t!(page, "repo-tasks-new-code-differs").to_owned(),
    }
}

fn pinned(page: &Page, commit: &str, title: &str, has_patch: bool) -> CodeOption {
    let help =
        if has_patch { t!(page, "repo-tasks-new-code-with-patch", title = title) } else { title.to_owned() };
    CodeOption {
        revision: commit.to_owned(),
        label: t!(page, "repo-tasks-new-code-pinned", commit = short_hash(commit)),
        help,
    }
}

fn commits(tip: Option<&BranchTip>, urls: &RepositoryUrls) -> Vec<Html> {
    let titles = tip.map(|tip| tip.titles.as_slice()).unwrap_or_default();
    titles.iter().map(|commit| Html::link(&urls.commit(&commit.id), &commit.title)).collect()
}
