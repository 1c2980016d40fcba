//! What a row of a list says of a thread beside its title: its milestone and its due date.

use std::collections::HashMap;

use hearth_app::{
    App,
    milestone::{self, Milestone},
    thread::Thread,
};
use hearth_core::{Error, ThreadId};

use crate::{
    Page,
    repo::{RepositoryVisit, milestones::Due},
};

#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) milestone: Option<Milestone>,
    pub(crate) due: Option<Due>,
}

impl Marks {
    /// Those of the threads that have any; each comes with whether it is open.
    pub(crate) async fn of<'a>(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        threads: impl Iterator<Item = (&'a Thread, bool)>,
    ) -> Result<HashMap<ThreadId, Self>, Error> {
        let mut marks: HashMap<ThreadId, Self> = HashMap::new();
        let mut in_milestones = Vec::new();
        for (thread, is_open) in threads {
            if let Some(due_at) = thread.due_at {
                marks.entry(thread.id).or_default().due = Some(Due::new(page, due_at, is_open));
            }
            in_milestones.extend(thread.milestone_id.map(|_| thread.id));
        }
        for (thread, milestone) in milestone::of_threads(app, &visit.access, &in_milestones).await? {
            marks.entry(thread).or_default().milestone = Some(milestone);
        }
        Ok(marks)
    }
}
