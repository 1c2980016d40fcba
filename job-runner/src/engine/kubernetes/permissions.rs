//! What Hearth may do in a cluster: this list, the cluster role in `deploy/kubernetes/rbac.yaml`, and nothing else.

use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
};
use kube::{Api, Client, api::PostParams};

/// Verbs on one kind of object, in every namespace: an owner's namespace is made when the first task starts.
pub(super) struct Permission {
    pub(super) group: &'static str,
    pub(super) resource: &'static str,
    pub(super) verbs: &'static [&'static str],
    /// Without it something is not shown, and everything works.
    pub(super) is_optional: bool,
}

const fn needed(group: &'static str, resource: &'static str, verbs: &'static [&'static str]) -> Permission {
    Permission { group, resource, verbs, is_optional: false }
}

const fn useful(group: &'static str, resource: &'static str, verbs: &'static [&'static str]) -> Permission {
    Permission { group, resource, verbs, is_optional: true }
}

/// Server-side apply of something new asks for `create` and `patch`. Secrets are written and never read.
pub(super) const PERMISSIONS: [Permission; 10] = [
    needed("", "namespaces", &["create", "patch"]),
    needed("", "secrets", &["create", "patch", "delete"]),
    needed("", "services", &["create", "patch", "delete"]),
    needed("", "pods", &["list", "watch", "delete"]),
    needed("", "nodes", &["list", "watch"]),
    needed("batch", "jobs", &["create", "get", "list", "watch", "delete"]),
    needed("networking.k8s.io", "networkpolicies", &["create", "patch", "delete"]),
    useful("", "events", &["list"]),
    useful("kueue.x-k8s.io", "workloads", &["list"]),
    useful("kueue.x-k8s.io", "localqueues", &["list"]),
];

/// One permission that was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// `create jobs.batch`.
    pub what: String,
    pub is_allowed: bool,
    /// Without it something is not shown, and everything works.
    pub is_optional: bool,
}

/// Asks the cluster about each permission.
pub(super) async fn ask(client: &Client) -> kube::Result<Vec<Allowance>> {
    let reviews: Api<SelfSubjectAccessReview> = Api::all(client.clone());
    let mut allowances = Vec::new();
    for permission in &PERMISSIONS {
        for verb in permission.verbs {
            let attributes = ResourceAttributes {
                group: Some(permission.group.to_owned()),
                resource: Some(permission.resource.to_owned()),
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
                what: format!("{verb} {}", permission.name()),
                is_allowed: answer.status.is_some_and(|status| status.allowed),
                is_optional: permission.is_optional,
            });
        }
    }
    Ok(allowances)
}

impl Permission {
    fn name(&self) -> String {
        if self.group.is_empty() {
            self.resource.to_owned()
        } else {
            format!("{}.{}", self.resource, self.group)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = include_str!("../../../../deploy/kubernetes/rbac.yaml");

    #[test]
    fn the_manifest_grants_exactly_what_is_asked_for() {
        let rules: Vec<String> = PERMISSIONS
            .iter()
            .map(|permission| {
                format!(
                    "  - apiGroups: [\"{}\"]\n    resources: [{}]\n    verbs: [{}]\n",
                    permission.group,
                    permission.resource,
                    permission.verbs.join(", ")
                )
            })
            .collect();
        let (_, after) = MANIFEST.split_once("\nrules:\n").expect("the cluster role has rules");
        let (granted, _) = after.split_once("---").expect("the binding follows");
        assert_eq!(granted, rules.concat());
    }
}
