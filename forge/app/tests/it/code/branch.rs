use hearth_app::{Unit, branch_rename, branch_rule, deleted_reference, reference, reference_list};
use hearth_core::{Action, BranchRuleSettings, Conflict, Error, PageRequest, RuleKind, WhoMay};

use crate::pull_request::World;

#[tokio::test]
async fn open_pull_requests_rules_and_addresses_follow_a_branch_to_its_new_name() {
    let world = World::new().await;
    let app = &world.hearth.app;
    let pull = world.asked("hi").await;
    let code = world.access("mei", "mei/llm", Unit::Code).await;
    let writing = code.write().expect("she may write");
    let rule = branch_rule::NewRule {
        kind: RuleKind::Branch,
        pattern: "hi".into(),
        settings: BranchRuleSettings { delete: WhoMay::Writers, ..BranchRuleSettings::default() },
    };
    branch_rule::create(app, &code.administer().expect("hers"), &rule).await.expect("a rule");
    reference::rename_branch(app, &writing, "hi", "hello/all").await.expect("renamed");
    world.hearth.run_jobs().await;
    let after = world.read(pull.number).await;
    assert!(after.is_open());
    assert_eq!((after.head_branch.as_str(), after.newest_version), ("hello/all", pull.newest_version));
    let rules = branch_rule::list(app, &code.administer().expect("hers")).await.expect("rules");
    assert_eq!(rules.iter().map(|rule| rule.pattern.as_str()).collect::<Vec<_>>(), ["hello/all"]);
    let moved = branch_rename::redirected(app, &code, "hi/src/a.py").await.expect("an answer");
    assert_eq!(moved, Some(("hi".into(), "hello/all".into())));

    reference::rename_branch(app, &writing, "main", "trunk").await.expect("renamed");
    world.hearth.run_jobs().await;
    assert_eq!(world.repository("mei/llm").await.default_branch, "trunk");
    assert_eq!(world.read(pull.number).await.base_branch, "trunk");
    reference::create_branch(app, &writing, "hi", "trunk").await.expect("made");
    let moved = branch_rename::redirected(app, &code, "hi").await.expect("an answer");
    assert_eq!(moved, None, "the name is a branch's own again");
}

#[tokio::test]
async fn whoever_may_not_change_rules_does_not_take_one_away_by_renaming_its_branch() {
    let world = World::new().await;
    let app = &world.hearth.app;
    world.write("bo", ("main", Some("stable")), "a.txt", "a\n").await;
    let code = world.access("mei", "mei/llm", Unit::Code).await;
    let settings =
        BranchRuleSettings { push: WhoMay::Nobody, delete: WhoMay::Writers, ..BranchRuleSettings::default() };
    let rule = branch_rule::NewRule { kind: RuleKind::Branch, pattern: "stable".into(), settings };
    branch_rule::create(app, &code.administer().expect("hers"), &rule).await.expect("a rule");
    let bo = world.access("bo", "mei/llm", Unit::Code).await.write().expect("he may write");
    reference::rename_branch(app, &bo, "stable", "elsewhere").await.expect("he may delete it");
    let rules = branch_rule::list(app, &code.administer().expect("hers")).await.expect("rules");
    assert_eq!(rules.iter().map(|rule| rule.pattern.as_str()).collect::<Vec<_>>(), ["stable"]);
}

#[tokio::test]
async fn a_deleted_branch_comes_back_where_it_was() {
    let world = World::new().await;
    let app = &world.hearth.app;
    world.write("bo", ("main", Some("hi")), "hi.txt", "hi\n").await;
    let tip = world.tip("hi").await;
    let writing = world.access("mei", "mei/llm", Unit::Code).await.write().expect("she may write");
    reference::delete_branch(app, &writing, "hi").await.expect("deleted");
    let listed = deleted_reference::list(app, &writing, RuleKind::Branch).await.expect("a list");
    let [gone] = &listed[..] else { panic!("{listed:?}") };
    assert_eq!((gone.name.as_str(), gone.is_stored, Some(gone.target)), ("hi", true, tip));
    deleted_reference::restore(app, &writing, RuleKind::Branch, "hi").await.expect("restored");
    assert_eq!(world.tip("hi").await, tip);
    let listed = deleted_reference::list(app, &writing, RuleKind::Branch).await.expect("a list");
    assert!(listed.is_empty());
    let twice = deleted_reference::restore(app, &writing, RuleKind::Branch, "hi").await;
    assert!(matches!(twice, Err(Error::NotFound(_) | Error::Conflict(Conflict::BranchExists))), "{twice:?}");
}

#[tokio::test]
async fn a_list_of_branches_says_how_each_differs_and_who_asks_to_merge_it() {
    let world = World::new().await;
    let app = &world.hearth.app;
    let pull = world.asked("hi").await;
    world.write("mei", ("main", None), "later.txt", "later\n").await;
    let code = world.access("mei", "mei/llm", Unit::Code).await;
    let request = PageRequest::default();
    let all = reference_list::branch_page(app, &code, "", request).await.expect("a list").page;
    let names: Vec<_> = all.items.iter().map(|row| row.branch.name.as_str()).collect();
    assert_eq!(names, ["main", "hi"]);
    let hi = &all.items[1];
    let distance = hi.distance.expect("it is short");
    assert_eq!((distance.ahead, distance.behind), (1, 1));
    assert_eq!(hi.pull.map(|(number, _)| number), Some(pull.number));
    let found = reference_list::branch_page(app, &code, "HI", request).await.expect("a list").page;
    assert_eq!((found.total, found.items.len()), (1, 1));

    let writing = code.write().expect("she may write");
    for tag in ["v1.9", "v1.10"] {
        reference::create_tag(app, &writing, tag, "main", "A tag\n").await.expect("made");
    }
    let tags = reference_list::tag_page(app, &code, "v1", request).await.expect("a list");
    let names: Vec<_> = tags.items.iter().map(|row| row.tag.name.as_str()).collect();
    assert_eq!(names, ["v1.10", "v1.9"]);
}

#[tokio::test]
async fn a_rename_that_a_rule_forbids_changes_nothing_also_of_the_default_branch() {
    let world = World::new().await;
    let app = &world.hearth.app;
    let pull = world.asked("hi").await;
    let code = world.access("mei", "mei/llm", Unit::Code).await;
    let administering = code.administer().expect("hers");
    for pattern in ["main", "hi"] {
        let settings = BranchRuleSettings { delete: WhoMay::Nobody, ..BranchRuleSettings::default() };
        let rule = branch_rule::NewRule { kind: RuleKind::Branch, pattern: pattern.into(), settings };
        branch_rule::create(app, &administering, &rule).await.expect("a rule");
    }
    let writing = code.write().expect("she may write");
    for (from, to) in [("main", "trunk"), ("hi", "hello")] {
        let refused = reference::rename_branch(app, &writing, from, to).await;
        assert!(matches!(refused, Err(Error::Forbidden(Action::BranchRule))), "{refused:?}");
        assert!(world.tip(from).await.is_some());
        assert_eq!(world.tip(to).await, None, "not even the new name is made");
    }
    assert_eq!(world.repository("mei/llm").await.default_branch, "main");
    let after = world.read(pull.number).await;
    assert_eq!((after.head_branch.as_str(), after.base_branch.as_str()), ("hi", "main"));
}
