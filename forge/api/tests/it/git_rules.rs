//! Rules of branches and tags, met by the real git.

use hearth_app::{
    Unit, access,
    branch_rule::{self, NewRule},
};
use hearth_core::{BranchRuleSettings, RepositoryKind, RuleKind, WhoMay};

use crate::listener::{Listener, both};

async fn rule(server: &Listener, kind: RuleKind, pattern: &str, settings: BranchRuleSettings) {
    let (app, mei) = (&server.hearth.app, server.hearth.actor("mei").await);
    let entered = access::open(app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
    let access = entered.expect("there").administer().expect("the owner");
    let new = NewRule { kind, pattern: pattern.into(), settings };
    branch_rule::create(app, &access, &new).await.expect("created");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_asked_before_a_reference_moves() {
    let server = Listener::start().await;
    server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    let git = async |arguments: &[&str]| server.good(&server.git(&work, arguments).await);
    let refused = async |arguments: &[&str]| {
        let output = server.git(&work, arguments).await;
        assert!(!output.status.success(), "{}", both(&output));
        both(&output)
    };
    git(&["push", "-q", "origin", "main"]).await;
    let settings = BranchRuleSettings { linear_history: true, ..BranchRuleSettings::default() };
    rule(&server, RuleKind::Branch, "main", settings).await;
    rule(&server, RuleKind::Tag, "v*", BranchRuleSettings::default()).await;

    server.commit(&work, &[("a", b"2\n")], "second").await;
    git(&["push", "-q", "origin", "main"]).await;
    git(&["commit", "-q", "--amend", "-m", "other"]).await;
    let said = refused(&["push", "--force", "origin", "main"]).await;
    assert!(said.contains("the rule “main” does not let you replace what is there"), "{said}");
    git(&["reset", "-q", "--hard", "origin/main"]).await;

    git(&["checkout", "-q", "-b", "side", "HEAD~1"]).await;
    server.commit(&work, &[("b", b"1\n")], "beside").await;
    git(&["checkout", "-q", "main"]).await;
    git(&["merge", "-q", "--no-ff", "-m", "both", "side"]).await;
    let said = refused(&["push", "origin", "main"]).await;
    assert!(said.contains("without merge commits"), "{said}");
    // No rule is about this branch.
    git(&["push", "-q", "origin", "main:elsewhere"]).await;

    git(&["tag", "v1"]).await;
    git(&["push", "-q", "origin", "v1"]).await;
    git(&["tag", "-f", "v1", "HEAD~1"]).await;
    refused(&["push", "--force", "origin", "v1"]).await;
    let said = refused(&["push", "origin", ":v1"]).await;
    assert!(said.contains("the rule “v*” does not let you delete it"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_bypass_a_rule_is_told_that_they_did() {
    let server = Listener::start().await;
    server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    let settings = BranchRuleSettings {
        create: WhoMay::Nobody,
        bypass: WhoMay::Administrators,
        ..BranchRuleSettings::default()
    };
    rule(&server, RuleKind::Branch, "main", settings).await;
    let said = server.good(&server.git(&work, &["push", "origin", "main"]).await);
    assert!(said.contains("remote: You bypassed the rule “main”."), "{said}");
}
