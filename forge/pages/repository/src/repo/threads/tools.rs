//! What stands around a list of threads of any kind: saved queries, pinned threads, and the bar for what is ticked.

use hearth_app::{
    App,
    label::{self, Label},
    milestone::Milestone,
    thread,
};
use hearth_core::{Error, Permission, UserName};

use super::{PinnedRow, bulk::BulkBar, discussion::offered_milestones, pinned::pinned, saved::Saved};
use crate::{Page, repo::RepositoryVisit};

/// Everything that a list offers.
pub(crate) struct Tools {
    pub(crate) labels: Vec<Label>,
    pub(crate) people: Vec<UserName>,
    pub(crate) milestones: Vec<Milestone>,
    pub(crate) saved: Option<Saved>,
    pub(crate) pins: Vec<PinnedRow>,
    /// None: the reader may not write.
    pub(crate) bulk: Option<BulkBar>,
}

impl Tools {
    /// For the list that `query` is shown in.
    pub(crate) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        query: &str,
    ) -> Result<Self, Error> {
        let labels = label::list(app, &visit.access).await?;
        let people = thread::candidates(app, &visit.access).await?;
        let milestones = offered_milestones(app, visit).await?;
        let can_write = page.is_signed_in() && visit.access.can(Permission::Write);
        let bulk = can_write.then(|| {
            let names = people.iter().map(ToString::to_string).collect();
            BulkBar::new(page, visit, &labels, names, &milestones)
        });
        Ok(Self {
            saved: Saved::read(app, page, visit, query).await?,
            pins: pinned(app, visit).await?,
            labels,
            people,
            milestones,
            bulk,
        })
    }
}
