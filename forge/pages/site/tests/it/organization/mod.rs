//! Pages of organisations.

mod labels;
mod new;
mod people;
mod settings;
mod show;
mod teams;

use hearth_app::organization::{self, team};
use hearth_core::{Permission, Roles};

use crate::site::Site;

/// The organisation `lab` of mei, with a public and a private repository, and bo in the team `readers`.
pub(crate) async fn lab() -> Site {
    let site = Site::new().await;
    site.hearth.organization("lab", "mei").await;
    site.hearth.repository("lab/open").await;
    site.hearth.private_repository("lab/secret").await;
    site.hearth.user("bo").await;
    let app = &site.hearth.app;
    let lab = organization::open(app, &site.hearth.actor("mei").await, "lab").await.expect("theirs");
    let lab = lab.administer().expect("an owner");
    let fields = team::Fields {
        name: "readers".into(),
        roles: Roles::whole(Permission::Read),
        ..team::Fields::default()
    };
    let readers = team::create(app, &lab, fields).await.expect("a team").team.id;
    team::add_member(app, &lab, readers, "bo").await.expect("in");
    site
}

/// The id of a team, as forms use it.
pub(crate) async fn team_id(site: &Site, name: &str) -> String {
    let app = &site.hearth.app;
    let lab = organization::open(app, &site.hearth.actor("mei").await, "lab").await.expect("theirs");
    team::find_by_name(app, &lab, name).await.expect("a team").team.id.to_string()
}
