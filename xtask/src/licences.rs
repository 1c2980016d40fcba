//! Checks the dependencies against `deny.toml`: licences, banned crates, and duplicates. It reads the same
//! file as `cargo deny`, but needs only `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use crate::Outcome;
use crate::program::{cargo, output};

/// The platform that is shipped; crates only for other platforms are not checked.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Checks every crate in the build.
pub(crate) fn check() -> Outcome {
    let text = fs::read_to_string("deny.toml").map_err(|e| format!("cannot read deny.toml: {e}"))?;
    let rules = Rules::parse(&text)?;
    let metadata =
        output(cargo().args(["metadata", "--format-version=1", "--locked", "--filter-platform", PLATFORM]))?;
    let metadata: Value =
        serde_json::from_str(&metadata).map_err(|e| format!("cargo metadata cannot be read: {e}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let mut problems = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let version = package["version"].as_str().unwrap_or_default();
        versions.entry(name).or_default().insert(version);
        match package["license"].as_str() {
            Some(expression) if is_allowed(expression, &rules.allowed) => {}
            Some(expression) => problems.push(format!("{name} {version}: licence {expression}")),
            None => problems.push(format!("{name} {version}: names no licence")),
        }
        for ban in rules.bans.iter().filter(|ban| ban.name == name && ban.covers(version)) {
            problems.push(format!("{name} {version}: {}", ban.reason));
        }
    }
    for ban in rules.bans.iter().filter(|ban| ban.only_doubles) {
        if let Some(found) = versions.get(ban.name.as_str()).filter(|found| found.len() > 1) {
            problems.push(format!("{} in versions {found:?}: {}", ban.name, ban.reason));
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(format!("{} crates\n{}", problems.len(), problems.join("\n")))
    }
}

struct Rules {
    allowed: Vec<String>,
    bans: Vec<Ban>,
}

/// One `[[bans.deny]]` entry.
struct Ban {
    name: String,
    /// `crate = "hyper@<1"`: only versions whose first number is smaller.
    below: Option<u64>,
    only_doubles: bool,
    reason: String,
}

impl Ban {
    fn covers(&self, version: &str) -> bool {
        let major = version.split('.').next().and_then(|number| number.parse::<u64>().ok());
        !self.only_doubles && self.below.is_none_or(|below| major.is_some_and(|major| major < below))
    }
}

impl Rules {
    fn parse(text: &str) -> Outcome<Self> {
        let table: toml::Table = text.parse().map_err(|e| format!("deny.toml: {e}"))?;
        let allowed = table["licenses"]["allow"].as_array().ok_or("deny.toml: licenses.allow is missing")?;
        let allowed = allowed.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect();
        let bans = table["bans"]["deny"].as_array().ok_or("deny.toml: bans.deny is missing")?;
        let bans = bans
            .iter()
            .map(|entry| {
                let spec = entry["crate"].as_str().ok_or("deny.toml: a ban names no crate")?;
                let (name, version) = spec.split_once('@').unwrap_or((spec, ""));
                Ok(Ban {
                    name: name.to_owned(),
                    below: version.strip_prefix('<').and_then(|number| number.parse().ok()),
                    only_doubles: entry.get("deny-multiple-versions").is_some(),
                    reason: entry.get("reason").and_then(|r| r.as_str()).unwrap_or("banned").to_owned(),
                })
            })
            .collect::<Outcome<_>>()?;
        Ok(Self { allowed, bans })
    }
}

/// Whether an SPDX expression can be satisfied with the allowed licences alone.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    // Before SPDX, crates wrote `MIT/Apache-2.0` for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at, allowed) && at == words.len()
}

fn either(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut holds = both(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        holds |= both(words, at, allowed);
    }
    holds
}

fn both(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut holds = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(words, at, allowed);
    }
    holds
}

fn one(words: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let holds = either(words, at, allowed);
        *at += 1;
        return holds;
    }
    let mut name = (*word).to_owned();
    if words.get(*at) == Some(&"WITH") {
        name = format!("{name} WITH {}", words.get(*at + 1).unwrap_or(&""));
        *at += 2;
    }
    allowed.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::{Rules, is_allowed};

    #[test]
    fn an_expression_holds_when_one_way_through_it_is_allowed() {
        let allowed = ["MIT".to_owned(), "ISC".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
        for good in ["MIT", "MIT/Apache-2.0", "GPL-3.0 OR MIT", "(MIT OR GPL-2.0) AND ISC"] {
            assert!(is_allowed(good, &allowed), "{good}");
        }
        assert!(is_allowed("Apache-2.0 WITH LLVM-exception", &allowed));
        for bad in ["GPL-3.0", "MIT AND GPL-2.0", "Apache-2.0", "", "(MIT"] {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn a_ban_may_name_old_versions_only() {
        let text = "[licenses]\nallow = []\n[bans]\ndeny = [{ crate = \"hyper@<1\", reason = \"old\" }]";
        let rules = Rules::parse(text).unwrap();
        assert!(rules.bans[0].covers("0.14.32"));
        assert!(!rules.bans[0].covers("1.12.0"));
    }
}
