use serde::Deserialize;

use super::Scene;
use crate::commands::{output, remote::RemoteError, terminal::one_line};

/// Whether a pull request can be merged.
#[derive(Debug, Deserialize)]
pub(super) struct Standing {
    obstacles: Vec<Obstacle>,
    pub(super) methods: Vec<String>,
    conflicts: Vec<String>,
    is_planned: bool,
}

/// What keeps it from being merged, with what belongs to it.
#[derive(Debug, Deserialize)]
struct Obstacle {
    code: String,
    details: Details,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Details {
    have: u32,
    need: u32,
    uncounted: Vec<String>,
    by: Vec<String>,
    owners: Vec<String>,
    paths: Vec<String>,
    unknown: Vec<String>,
    contexts: Vec<String>,
    count: u64,
    number: i64,
}

impl Standing {
    pub(super) async fn find(scene: &Scene, number: i64) -> Result<Self, RemoteError> {
        scene.client.get(&scene.path(&format!("/pulls/{number}/obstacles"))).await
    }

    pub(super) fn is_clear(&self) -> bool {
        self.obstacles.is_empty()
    }

    /// Names what keeps it from being merged, one a line, on standard output.
    pub(super) fn print(&self) {
        for line in self.lines() {
            output::line(&line);
        }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> =
            self.obstacles.iter().map(|obstacle| one_line(&format!("  {}", obstacle.sentence()))).collect();
        lines.extend(self.conflicts.iter().map(|path| one_line(&format!("    {path}"))));
        if self.is_planned {
            lines.push("  It is merged as soon as nothing keeps it from that".to_owned());
        }
        lines
    }
}

impl Obstacle {
    fn sentence(&self) -> String {
        let details = &self.details;
        match self.code.as_str() {
            "closed" => "It is merged or closed".to_owned(),
            "draft" => "It is a draft: hearth pr ready".to_owned(),
            "checking" => "Whether it can be merged is being found out: try again in a moment".to_owned(),
            "check-failed" => "Whether it can be merged takes too long to find out".to_owned(),
            "conflicts" => "Both branches changed the same lines; resolve the conflicts in:".to_owned(),
            "nothing-to-merge" => "The base has all of its commits".to_owned(),
            "base-gone" => "The branch that it is to be merged into was deleted".to_owned(),
            "head-gone" => "Its branch was deleted, or its repository is gone or private".to_owned(),
            "missing-approvals" if details.uncounted.is_empty() => {
                format!("Approvals: {} of {}", details.have, details.need)
            }
            "missing-approvals" => format!(
                "Approvals: {} of {}; not counted, because they pushed to it: {}",
                details.have,
                details.need,
                details.uncounted.join(", ")
            ),
            "changes-requested" => format!("Changes requested by {}", details.by.join(", ")),
            "code-owners-missing" => {
                let (owners, paths) = (details.owners.join(", "), details.paths.join(", "));
                let unknown = match details.unknown.as_slice() {
                    [] => String::new(),
                    names => format!("; nobody who may write here is called {}", names.join(", ")),
                };
                format!("Approval of {owners} is missing for {paths}{unknown}")
            }
            "checks-missing" => format!("Checks that have not reported: {}", details.contexts.join(", ")),
            "checks-failed" => format!("Checks that failed: {}", details.contexts.join(", ")),
            "behind" => "The base has commits that it lacks".to_owned(),
            "unresolved-threads" => format!("Unresolved threads: {}", details.count),
            "not-allowed" => "You may not merge into this branch".to_owned(),
            "method-not-allowed" => "No allowed way of merging is open".to_owned(),
            "unsigned" => "Some commits are not signed".to_owned(),
            "blocked" => format!("It waits for {}", details.by.join(", ")),
            "stacked-below" => format!("It is based on #{}, which is open", details.number),
            other => format!("The server names a reason that this program does not know: {other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn obstacles_are_named_and_newer_ones_as_the_server_calls_them() {
        let standing: Standing = serde_json::from_value(json!({
            "obstacles": [
                { "code": "missing-approvals", "details": { "have": 1, "need": 2 } },
                { "code": "blocked", "details": { "by": ["mei/llm#3"] } },
                { "code": "checks-failed", "details": { "contexts": ["ci/build", "ci/\u{1b}[31m"] } },
                { "code": "code-owners-missing", "details": {
                    "owners": ["@bo", "@lab/gone"], "paths": ["a.py"], "unknown": ["@lab/gone"],
                } },
                { "code": "moon-phase", "details": {} },
            ],
            "may_merge": true, "methods": [], "conflicts": ["a.py"], "is_planned": false,
        }))
        .expect("as the server writes it");
        assert_eq!(
            standing.lines(),
            [
                "  Approvals: 1 of 2",
                "  It waits for mei/llm#3",
                "  Checks that failed: ci/build, ci/ [31m",
                "  Approval of @bo, @lab/gone is missing for a.py; nobody who may write here is called @lab/gone",
                "  The server names a reason that this program does not know: moon-phase",
                "    a.py",
            ]
        );
    }
}
