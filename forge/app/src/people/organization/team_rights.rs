//! What teams let their members do, in the audit log: with what was before, and also what is no role in a single
//! repository.

use hearth_core::Result;
use hearth_store::team as row;
use serde_json::{Value, json};

use super::{Organization, team::TeamInfo};
use crate::{
    Actor, Operation,
    audit::{self, Fact},
};

pub(super) fn rights(fields: &row::Fields) -> Value {
    json!({
        "name": fields.name,
        "roles": fields.roles,
        "all_repositories": fields.has_all_repositories,
        "may_create_repositories": fields.may_create_repositories,
    })
}

pub(super) fn rights_of(TeamInfo { team, roles, .. }: &TeamInfo) -> Value {
    rights(&row::Fields {
        name: team.name.clone(),
        description: String::new(),
        has_all_repositories: team.has_all_repositories,
        may_create_repositories: team.may_create_repositories,
        roles: roles.clone(),
    })
}

/// Notes the rights of a team before and after.
pub(super) async fn note(
    operation: &mut Operation,
    actor: &Actor,
    (organization, team): (&Organization, &str),
    action: &'static str,
    (before, after): (Option<Value>, Option<Value>),
) -> Result<()> {
    let subject = format!("{}/{team}", organization.name);
    let (before, after) = (before.as_ref(), after.as_ref());
    audit::note(operation, actor, Fact { kind: "team", subject: &subject, action, before, after }).await
}
