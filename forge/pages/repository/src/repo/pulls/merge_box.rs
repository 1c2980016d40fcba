//! The box at the end of a pull request: what keeps it from being merged, how it can be, and what follows.

use hearth_app::{
    App,
    merge::{self, MergeBox, MethodOffer},
    review::Obstacle,
};
use hearth_core::{MergeMethod, ThreadNumber, UpdateMethod};

use super::{
    conflicts::ConflictView,
    merge::MergeForm,
    obstacle::{self, ObstacleLine},
};
use crate::{Failure, Mistakes, Page, repo::RepositoryVisit, words::Html};

/// What `components/merge.html` draws.
#[expect(clippy::struct_excessive_bools, reason = "each shows or hides a part of its own")]
pub(crate) struct MergeView {
    pub(crate) lines: Vec<ObstacleLine>,
    /// Whether it is still being checked, so that the page looks again.
    pub(crate) is_checking: bool,
    pub(crate) conflicts: Vec<ConflictView>,
    /// The conflict editor, for those who may push to the head.
    pub(crate) may_resolve: bool,
    pub(crate) methods: Vec<MethodView>,
    /// Nothing is in the way, and the reader may merge.
    pub(crate) can_merge: bool,
    /// The reader may merge although rules are not met.
    pub(crate) can_bypass: bool,
    pub(crate) can_schedule: bool,
    /// The merge that the server carries out later, in a sentence.
    pub(crate) auto_merge: Option<Html>,
    pub(crate) can_cancel: bool,
    /// How many commits the base is ahead; 0: the head is up to date.
    pub(crate) behind: u64,
    pub(crate) can_update_by_merge: bool,
    pub(crate) can_update_by_rebase: bool,
    pub(crate) can_delete_branch: bool,
    pub(crate) can_restore_branch: bool,
    pub(crate) deletes_branch: bool,
    /// The head that the reader sees: another one is not merged.
    pub(crate) expected_head: String,
    pub(crate) mistakes: Mistakes,
}

/// One way of merging.
pub(crate) struct MethodView {
    pub(crate) method: MergeMethod,
    pub(crate) label: &'static str,
    pub(crate) help: &'static str,
    /// Why it is not possible for this one; none: it is.
    pub(crate) why_not: Option<Html>,
    pub(crate) is_on: bool,
    /// Whether it writes a commit whose message can be edited.
    pub(crate) has_message: bool,
    pub(crate) title: String,
    pub(crate) message: String,
}

impl MethodView {
    fn new(page: &Page, visit: &RepositoryVisit, number: ThreadNumber, offer: &MethodOffer) -> Self {
        let why_not = offer.obstacle.as_ref();
        Self {
            method: offer.method,
            label: label(page, offer.method),
            help: help(page, offer.method),
            why_not: why_not.map(|found| obstacle::line(page, &visit.urls, number, found).sentence),
            is_on: false,
            has_message: has_message(offer.method),
            title: offer.title.clone(),
            message: offer.message.clone(),
        }
    }

    /// The fields' names end with the method's: each method has a message of its own.
    pub(crate) fn field(&self, name: &str) -> String {
        format!("{name}_{}", self.method.as_str().replace('-', "_"))
    }
}

impl MergeView {
    /// Reads it; `typed` is the form when it is shown again.
    pub(super) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        number: ThreadNumber,
        (typed, mistakes): (Option<MergeForm>, Mistakes),
    ) -> Result<Self, Failure> {
        let found = merge::merge_box(app, &visit.access, number).await?;
        let mut methods: Vec<MethodView> =
            found.methods.iter().map(|offer| MethodView::new(page, visit, number, offer)).collect();
        choose(&mut methods, typed.as_ref());
        let has_method = methods.iter().any(|method| method.why_not.is_none());
        let is_clear = found.obstacles.is_empty();
        Ok(Self {
            lines: lines(page, visit, number, &found),
            is_checking: found.obstacles.contains(&Obstacle::Checking),
            conflicts: ConflictView::all(page, &found.conflicts),
            may_resolve: found.may_resolve,
            can_merge: is_clear && found.may_merge && has_method,
            can_bypass: !is_clear && found.may_bypass && has_method,
            can_schedule: found.may_schedule && has_method,
            auto_merge: auto_merge(page, &found),
            can_cancel: found.may_cancel,
            behind: found.behind,
            can_update_by_merge: found.update_methods.contains(&UpdateMethod::Merge),
            can_update_by_rebase: found.update_methods.contains(&UpdateMethod::Rebase),
            can_delete_branch: found.may_delete_branch,
            can_restore_branch: found.may_restore_branch,
            deletes_branch: typed.as_ref().map_or(found.deletes_branch, |typed| typed.deletes_branch),
            expected_head: found.expected_head,
            methods,
            mistakes,
        })
    }

    /// Whether there is a form to fill in.
    pub(crate) fn has_form(&self) -> bool {
        self.can_merge || self.can_bypass || self.can_schedule
    }
}

/// Ticks a method, and puts back what was typed.
fn choose(methods: &mut [MethodView], typed: Option<&MergeForm>) {
    if let Some(typed) = typed {
        for method in methods.iter_mut() {
            if let Some((title, message)) = typed.text_of(method.method) {
                title.clone_into(&mut method.title);
                message.clone_into(&mut method.message);
            }
        }
    }
    let chosen =
        typed.and_then(|typed| methods.iter().position(|method| Some(method.method) == typed.method()));
    let first = methods.iter().position(|method| method.why_not.is_none());
    if let Some(place) = chosen.or(first) {
        methods[place].is_on = true;
    }
}

fn lines(page: &Page, visit: &RepositoryVisit, number: ThreadNumber, found: &MergeBox) -> Vec<ObstacleLine> {
    found.obstacles.iter().map(|obstacle| obstacle::line(page, &visit.urls, number, obstacle)).collect()
}

fn auto_merge(page: &Page, found: &MergeBox) -> Option<Html> {
    let planned = found.auto_merge.as_ref()?;
    let method = label(page, planned.method);
    Some(match &found.auto_merge_by {
        Some(name) => {
            let who = Html::link(&hearth_core::urls::user(name.as_str()), name.as_str());
            rich!(page, "repo-pulls-merge-planned-by", who = who, method = method)
        }
        None => Html::text(&t!(page, "repo-pulls-merge-planned", method = method)),
    })
}

/// The name of a method, as a choice.
pub(crate) fn label(page: &Page, method: MergeMethod) -> &'static str {
    match method {
        MergeMethod::Merge => t!(page, "repo-pulls-method-merge"),
        MergeMethod::Rebase => t!(page, "repo-pulls-method-rebase"),
        MergeMethod::RebaseMerge => t!(page, "repo-pulls-method-rebase-merge"),
        MergeMethod::Squash => t!(page, "repo-pulls-method-squash"),
        MergeMethod::FastForwardOnly => t!(page, "repo-pulls-method-fast-forward"),
    }
}

/// What it does, in a sentence.
pub(crate) fn help(page: &Page, method: MergeMethod) -> &'static str {
    match method {
        MergeMethod::Merge => t!(page, "repo-pulls-method-merge-help"),
        MergeMethod::Rebase => t!(page, "repo-pulls-method-rebase-help"),
        MergeMethod::RebaseMerge => t!(page, "repo-pulls-method-rebase-merge-help"),
        MergeMethod::Squash => t!(page, "repo-pulls-method-squash-help"),
        MergeMethod::FastForwardOnly => t!(page, "repo-pulls-method-fast-forward-help"),
    }
}

const fn has_message(method: MergeMethod) -> bool {
    match method {
        MergeMethod::Merge | MergeMethod::RebaseMerge | MergeMethod::Squash => true,
        MergeMethod::Rebase | MergeMethod::FastForwardOnly => false,
    }
}
