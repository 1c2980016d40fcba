//! Hearth's permissions in a cluster: these lists, which match the cluster roles in
//! `deploy/kubernetes/rbac.yaml`.

use std::{fmt, iter::repeat};

use k8s_openapi::{
    api::{
        authorization::v1::{ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec},
        core::v1::Namespace,
    },
    apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use kube::{Api, Client, api::PostParams};

use super::names::{AGENTS, Names, REGISTRIES};

/// Verbs on one kind of object.
struct Permission {
    group: &'static str,
    resource: &'static str,
    /// The only object of the kind; `None` for all.
    name: Option<&'static str>,
    verbs: &'static [&'static str],
    /// Without it something is not shown, but everything works.
    is_optional: bool,
}

const fn needed(group: &'static str, resource: &'static str, verbs: &'static [&'static str]) -> Permission {
    Permission { group, resource, name: None, verbs, is_optional: false }
}

const fn useful(group: &'static str, resource: &'static str, verbs: &'static [&'static str]) -> Permission {
    Permission { group, resource, name: None, verbs, is_optional: true }
}

const fn secret(name: &'static str, verbs: &'static [&'static str]) -> Permission {
    Permission { group: "", resource: "secrets", name: Some(name), verbs, is_optional: false }
}

/// What Hearth reads, in every namespace.
const SEEING: [Permission; 6] = [
    needed("", "pods", &["list", "watch"]),
    needed("", "nodes", &["list", "watch"]),
    needed("batch", "jobs", &["list", "watch"]),
    useful("", "events", &["list"]),
    useful("kueue.x-k8s.io", "workloads", &["list"]),
    useful("kueue.x-k8s.io", "localqueues", &["list"]),
];

/// What Hearth does in owners' namespaces. Server-side apply of a new object needs `create` and `patch`, and
/// answers with the whole object: so Secrets are patched by name, which prevents reading those of others that
/// way.
const DOING: [Permission; 8] = [
    needed("", "namespaces", &["create", "patch"]),
    needed("", "secrets", &["create"]),
    secret(AGENTS, &["patch"]),
    secret(REGISTRIES, &["patch", "delete"]),
    needed("", "services", &["create", "patch", "delete"]),
    needed("", "pods", &["delete"]),
    needed("batch", "jobs", &["create", "get", "delete"]),
    needed("networking.k8s.io", "networkpolicies", &["create", "patch", "delete"]),
];

/// A permission that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// `create jobs.batch`.
    pub what: String,
    pub is_allowed: bool,
    /// Without it something is not shown, but everything works.
    pub is_optional: bool,
    /// Only needed in owners' namespaces: if it is not granted in all namespaces, a role may be bound in
    /// each.
    pub is_of_owners: bool,
}

/// Whether the cluster would let Hearth create a namespace that is no owner's: then no policy confines it to
/// its own.
pub(super) async fn is_unbounded(client: &Client, names: &Names) -> bool {
    let namespaces: Api<Namespace> = Api::all(client.clone());
    let foreign = Namespace {
        metadata: ObjectMeta { name: Some(names.foreign_namespace()), ..ObjectMeta::default() },
        ..Namespace::default()
    };
    let trial = PostParams { dry_run: true, ..PostParams::default() };
    namespaces.create(&trial, &foreign).await.is_ok()
}

/// Checks each permission, for all namespaces.
pub(super) async fn ask(client: &Client) -> kube::Result<Vec<Allowance>> {
    let reviews: Api<SelfSubjectAccessReview> = Api::all(client.clone());
    let mut allowances = Vec::new();
    let all = SEEING.iter().zip(repeat(false)).chain(DOING.iter().zip(repeat(true)));
    for (permission, is_of_owners) in all {
        for verb in permission.verbs {
            let attributes = ResourceAttributes {
                group: Some(permission.group.to_owned()),
                resource: Some(permission.resource.to_owned()),
                name: permission.name.map(str::to_owned),
                verb: Some((*verb).to_owned()),
                ..ResourceAttributes::default()
            };
            let review = SelfSubjectAccessReview {
                spec: SelfSubjectAccessReviewSpec {
                    resource_attributes: Some(attributes),
                    non_resource_attributes: None,
                },
                ..SelfSubjectAccessReview::default()
            };
            let answer = reviews.create(&PostParams::default(), &review).await?;
            allowances.push(Allowance {
                what: format!("{verb} {permission}"),
                is_allowed: answer.status.is_some_and(|status| status.allowed),
                is_optional: permission.is_optional,
                is_of_owners,
            });
        }
    }
    Ok(allowances)
}

impl fmt::Display for Permission {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.resource)?;
        if !self.group.is_empty() {
            write!(to, ".{}", self.group)?;
        }
        self.name.map_or(Ok(()), |name| write!(to, " {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = include_str!("../../../../deploy/kubernetes/rbac.yaml");

    #[test]
    fn the_manifest_grants_exactly_what_is_asked_for() {
        let mut granted =
            MANIFEST.split("\nrules:\n").skip(1).map(|after| after.split("---").next().unwrap());
        for permissions in [&SEEING[..], &DOING] {
            assert_eq!(granted.next(), Some(rules(permissions).as_str()));
        }
        assert_eq!(granted.next(), None);
    }

    fn rules(permissions: &[Permission]) -> String {
        let rule = |permission: &Permission| {
            let name = permission.name.map(|name| format!("    resourceNames: [{name}]\n"));
            format!(
                "  - apiGroups: [\"{}\"]\n    resources: [{}]\n{}    verbs: [{}]\n",
                permission.group,
                permission.resource,
                name.unwrap_or_default(),
                permission.verbs.join(", ")
            )
        };
        permissions.iter().map(rule).collect()
    }
}
