//! Rules of branches and tags, on every way in.

use hearth_app::{
    SiteKey, audit,
    branch_rule::{self, NewRule},
    content,
    testing::{Choices, TestHearth},
    verification::{self, Verification},
};
use hearth_core::{Action, BranchRuleSettings, Error, PageRequest, RuleKind, WhoMay};

use super::{BASE, PATH, World};

async fn rule(world: &World, kind: RuleKind, pattern: &str, settings: BranchRuleSettings) {
    let new = NewRule { kind, pattern: pattern.into(), settings };
    branch_rule::create(&world.hearth.app, &world.administering().await, &new).await.expect("created");
}

fn is_refused<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::Forbidden(Action::BranchRule)))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_programs_are_held_by_the_same_rules_as_git() {
    let world = World::new().await;
    let closed = BranchRuleSettings { push: WhoMay::Nobody, ..BranchRuleSettings::default() };
    rule(&world, RuleKind::Branch, "main", closed).await;
    let only_administrators = BranchRuleSettings {
        create: WhoMay::Administrators,
        delete: WhoMay::Administrators,
        ..BranchRuleSettings::default()
    };
    rule(&world, RuleKind::Branch, "release/**", only_administrators.clone()).await;
    rule(&world, RuleKind::Tag, "v*", only_administrators).await;
    let app = &world.hearth.app;
    let (mei, ana) = (world.writing("mei").await, world.writing("ana").await);

    assert!(is_refused(&world.try_put("mei", "main", PATH, "changed\n").await), "owners are held as well");
    world.put("ana", "work", PATH, "changed\n").await;
    assert!(is_refused(&content::create_branch(app, &ana, "release/1/fix", "main").await));
    content::create_branch(app, &mei, "release/1/fix", "main").await.expect("an administrator may");
    assert!(is_refused(&content::delete_branch(app, &ana, "release/1/fix").await));
    assert!(is_refused(&content::rename_branch(app, &ana, "release/1/fix", "other").await));
    content::delete_branch(app, &mei, "release/1/fix").await.expect("an administrator may");
    assert!(is_refused(&content::create_tag(app, &ana, "v1.0", "main", "").await));
    content::create_tag(app, &ana, "nightly", "main", "").await.expect("no rule for this one");
    content::delete_tag(app, &ana, "nightly").await.expect("no rule for this one");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_bypasses_a_rule_is_noted() {
    let world = World::new().await;
    let settings = BranchRuleSettings {
        push: WhoMay::Nobody,
        bypass: WhoMay::Administrators,
        ..BranchRuleSettings::default()
    };
    rule(&world, RuleKind::Branch, "main", settings).await;
    assert!(is_refused(&world.try_put("ana", "main", PATH, "ana\n").await));
    world.put("mei", "main", PATH, &BASE.replace("one", "1")).await;
    let admin = world.hearth.admin("ada").await;
    let admin = hearth_app::Actor::acting_as_administrator(admin);
    let (filter, request) = (audit::Filter::default(), PageRequest::default());
    let entries = audit::list(&world.hearth.app, &admin, &filter, request).await.expect("the log").items;
    let bypassed = entries.iter().filter(|entry| entry.action.contains("bypassed")).count();
    assert_eq!(bypassed, 1, "{entries:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_rule_for_each_pattern_and_only_good_ones() {
    let world = World::new().await;
    let (app, access) = (&world.hearth.app, world.administering().await);
    let new = |pattern: &str| NewRule {
        kind: RuleKind::Branch,
        pattern: pattern.into(),
        settings: BranchRuleSettings::default(),
    };
    let made = branch_rule::create(app, &access, &new("main")).await.expect("created");
    assert!(matches!(branch_rule::create(app, &access, &new("main")).await, Err(Error::Conflict(_))));
    assert!(matches!(branch_rule::create(app, &access, &new("a b")).await, Err(Error::Invalid(_))));
    let edited = branch_rule::edit(app, &access, made.id, &new("release/*")).await.expect("edited");
    assert_eq!(edited.pattern, "release/*");
    branch_rule::delete(app, &access, made.id).await.expect("deleted");
    assert!(branch_rule::list(app, &access).await.expect("a list").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_for_signed_commits_lets_through_what_the_site_has_signed() {
    let demand = || BranchRuleSettings { signed_commits: true, ..BranchRuleSettings::default() };
    let world = World::new().await;
    rule(&world, RuleKind::Branch, "main", demand()).await;
    assert!(is_refused(&world.try_put("ana", "main", PATH, "changed\n").await), "this site signs nothing");

    let site_key = SiteKey::new(&[7; 32]);
    let choices = Choices { site_key: Some(site_key.clone()), ..Choices::default() };
    let world = World::of(TestHearth::with(choices).await).await;
    rule(&world, RuleKind::Branch, "main", demand()).await;
    let made = world.put("ana", "main", PATH, "changed\n").await;
    let asked = vec![(made, "ana@example.org".to_owned())];
    let access = world.entered("ana", super::Unit::Code).await;
    let found = verification::verify(&world.hearth.app, &access, asked).await.expect("an answer");
    assert_eq!(found, [Verification::MadeHere { fingerprint: site_key.fingerprint() }]);
}
