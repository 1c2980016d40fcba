//! Pages of milestones.

mod edit;
mod list;
mod show;

use hearth_app::milestone::{self, Milestone, NewMilestone};

use super::issues::enter;
use crate::site::Site;

pub(crate) async fn milestone(site: &Site, title: &str) -> Milestone {
    let writing = enter(site, "mei").await.write().expect("the owner");
    let new = NewMilestone { title: title.into(), ..NewMilestone::default() };
    milestone::create(&site.hearth.app, &writing, &new).await.expect("made")
}
