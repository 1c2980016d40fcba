use hearth_app::{
    branch_rule::{self, NewRule},
    issue,
    merge::{self, NewMerge},
    pull_request::{self, Edit},
    review::{self, Obstacle},
    thread::dependency::{self, ThreadName},
};
use hearth_core::{
    AutoMerge, BranchRuleSettings, Conflict, Error, IssueState, MergeMethod, MergedAs, Permission,
    PullRequestState, RuleKind, UpdateMethod, WhoMay,
};

use super::{World, by};

#[tokio::test]
async fn each_method_makes_the_history_that_it_promises() {
    let world = World::new().await;
    for method in MergeMethod::ALL {
        let branch = format!("by-{method}");
        let asked = world.asked(&branch).await;
        if *method != MergeMethod::FastForwardOnly {
            // So that the head is behind.
            world.write("mei", ("main", None), &format!("main-{method}.txt"), "main\n").await;
        }
        let before = world.tip("main").await.expect("a branch");
        let merged = world.merge(asked.number, *method).await.expect("it merges");
        let tip = world.commit(merged.commit).await;
        let parents = match method {
            MergeMethod::Merge | MergeMethod::RebaseMerge => 2,
            MergeMethod::Rebase | MergeMethod::Squash | MergeMethod::FastForwardOnly => 1,
        };
        assert_eq!((tip.parents.len(), tip.parents[0]), (parents, before), "{method}");
        assert_eq!(world.tip("main").await, Some(merged.commit));
        assert_eq!(world.text("main", &format!("{branch}.txt")).await.as_deref(), Some("new\n"));
        let row = world.read(asked.number).await;
        assert_eq!(row.state, PullRequestState::Merged);
        assert_eq!(row.merge_method, Some(MergedAs::from(*method)));
        world.hearth.run_jobs().await;
    }
}

#[tokio::test]
async fn of_two_who_merge_at_once_one_does_and_the_other_is_told() {
    for hearth in hearth_app::testing::TestHearth::all().await {
        let world = World::of(hearth).await;
        let number = world.asked("feature").await.number;
        let (one, other) = tokio::join!(
            world.merge_as("mei", number, by(MergeMethod::Merge)),
            world.merge_as("bo", number, by(MergeMethod::Squash)),
        );
        let refused = match (&one, &other) {
            (Ok(_), Err(refused)) | (Err(refused), Ok(_)) => refused,
            both => panic!("one of them merges: {both:?}"),
        };
        assert!(matches!(refused, Error::Conflict(Conflict::State)), "{refused:?}");
        assert_eq!(world.read(number).await.state, PullRequestState::Merged);
        world.hearth.run_jobs().await;
    }
}

#[tokio::test]
async fn what_the_merger_did_not_see_is_not_merged() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let seen = asked.head_id.parse().ok();
    world.write("bo", ("feature", None), "evil.txt", "evil\n").await;
    let new = NewMerge { expected_head: seen, ..by(MergeMethod::Merge) };
    let refused = world.merge_as("mei", asked.number, new).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::HeadMoved))), "{refused:?}");
    assert_eq!(world.text("main", "evil.txt").await, None);
}

#[tokio::test]
async fn drafts_conflicts_and_readers_do_not_merge() {
    let world = World::new().await;
    let number = world.asked("feature").await.number;
    let draft = async |is_draft| {
        let edit = Edit { is_draft: Some(is_draft), ..Edit::default() };
        pull_request::edit(&world.hearth.app, &world.pulls("bo").await, number, edit).await.expect("edited");
    };
    draft(true).await;
    let refused = world.merge(number, MergeMethod::Merge).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::NotMergeable))), "{refused:?}");
    draft(false).await;
    world.write("mei", ("main", None), "feature.txt", "another\n").await;
    let refused = world.merge(number, MergeMethod::Merge).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::MergeConflicts))), "{refused:?}");
    world.hearth.user("eve").await;
    assert!(world.pulls("eve").await.write().is_err());
}

#[tokio::test]
async fn a_squashed_commit_names_the_pull_request_and_is_its_authors() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    world.write("mei", ("feature", None), "more.txt", "more\n").await;
    world.hearth.run_jobs().await;
    let merged = world.merge(asked.number, MergeMethod::Squash).await.expect("merged");
    let commit = world.commit(merged.commit).await;
    assert_eq!(commit.title, format!("Merge feature (#{})", asked.number));
    assert_eq!(
        (commit.author.email.as_str(), commit.committer.email.as_str()),
        ("bo@noreply.localhost", "mei@noreply.localhost")
    );
    assert!(commit.body.contains("* Write feature.txt\n* Write more.txt"), "{}", commit.body);
    assert!(commit.body.contains("Co-authored-by: mei <mei@noreply.localhost>"), "{}", commit.body);
}

#[tokio::test]
async fn a_message_is_as_it_was_written() {
    let world = World::new().await;
    let number = world.asked("feature").await.number;
    let new = NewMerge { title: "Read it\nfaster".into(), ..by(MergeMethod::Squash) };
    assert_eq!(
        crate::support::code_of(world.merge_as("mei", number, new.clone()).await),
        Some(("title", "characters"))
    );
    let new = NewMerge { title: " Read it faster ".into(), message: "Twice.\r\n".into(), ..new };
    let merged = world.merge_as("mei", number, new).await.expect("merged");
    let commit = world.commit(merged.commit).await;
    assert_eq!((commit.title.as_str(), commit.body.trim()), ("Read it faster", "Twice."));
}

#[tokio::test]
async fn a_merge_closes_what_its_text_says_it_fixes() {
    let world = World::new().await;
    let issues = world.access("mei", "mei/llm", hearth_app::Unit::Issues).await;
    let new = issue::NewIssue { title: "Too slow".into(), ..issue::NewIssue::default() };
    let slow = issue::open(&world.hearth.app, &issues, new).await.expect("opened").issue.number;
    let asked = world.asked("feature").await;
    let edit = Edit { body: Some(format!("Fixes #{slow}")), ..Edit::default() };
    pull_request::edit(&world.hearth.app, &world.pulls("bo").await, asked.number, edit)
        .await
        .expect("edited");
    world.merge(asked.number, MergeMethod::Squash).await.expect("merged");
    world.hearth.run_jobs().await;
    let slow = issue::find(&world.hearth.app, &issues, slow).await.expect("there").issue;
    assert_eq!(slow.state, IssueState::Closed);
}

#[tokio::test]
async fn a_merge_waits_for_its_conditions_unless_a_reader_pushes() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let (app, pulls) = (&world.hearth.app, world.pulls("bo").await);
    let draft = async |is_draft| {
        let edit = Edit { is_draft: Some(is_draft), ..Edit::default() };
        pull_request::edit(app, &pulls, asked.number, edit).await.expect("edited");
    };
    draft(true).await;
    let plan = AutoMerge {
        method: MergeMethod::Squash,
        title: String::new(),
        message: String::new(),
        deletes_branch: true,
    };
    merge::schedule_auto_merge(app, &world.writer("mei").await, asked.number, plan.clone(), None)
        .await
        .expect("planned");
    world.hearth.run_jobs().await;
    assert_eq!(world.read(asked.number).await.state, PullRequestState::Open);
    draft(false).await;
    world.hearth.run_jobs().await;
    let merged = world.read(asked.number).await;
    assert_eq!(merged.state, PullRequestState::Merged);
    assert_eq!(merged.merged_by_name.as_ref().map(hearth_core::UserName::as_str), Some("mei"));
    assert_eq!(world.tip("feature").await, None);

    let other = world.asked("other").await;
    let draft = Edit { is_draft: Some(true), ..Edit::default() };
    pull_request::edit(app, &pulls, other.number, draft).await.expect("edited");
    merge::schedule_auto_merge(app, &world.writer("mei").await, other.number, plan, None)
        .await
        .expect("planned");
    let repository = world.repository("mei/llm").await;
    let code = world.access("bo", "mei/llm", hearth_app::Unit::Code).await.write().expect("still");
    world.hearth.permit(&repository, "bo", Permission::Read).await;
    let change = hearth_app::content::FileChange {
        path: "evil.txt".into(),
        action: hearth_app::content::Action::Create { content: b"evil".to_vec() },
        branch: Some("other".into()),
        new_branch: None,
        message: None,
        author: None,
    };
    // A push that had begun before their role was taken away.
    hearth_app::content::change(app, &code, change).await.expect("committed");
    assert_eq!(world.read(other.number).await.auto_merge, None);
}

fn planned() -> AutoMerge {
    AutoMerge {
        method: MergeMethod::Merge,
        title: String::new(),
        message: String::new(),
        deletes_branch: false,
    }
}

/// A draft, so that its merge has to wait, which Mei has planned.
async fn waiting(world: &World, branch: &str, base: &str) -> pull_request::PullRequest {
    world.write("bo", ("main", Some(branch)), &format!("{branch}.txt"), "new\n").await;
    let number = world.open("bo", branch, base).await.pull_request.number;
    let (app, draft) = (&world.hearth.app, Edit { is_draft: Some(true), ..Edit::default() });
    pull_request::edit(app, &world.pulls("bo").await, number, draft).await.expect("edited");
    world.hearth.run_jobs().await;
    let mei = world.writer("mei").await;
    merge::schedule_auto_merge(app, &mei, number, planned(), None).await.expect("planned");
    world.read(number).await
}

#[tokio::test]
async fn a_planned_merge_is_called_off_when_it_would_go_elsewhere() {
    let world = World::new().await;
    let app = &world.hearth.app;
    for branch in ["next", "soon"] {
        world.write("mei", ("main", Some(branch)), &format!("{branch}.md"), "Next\n").await;
    }
    let edited = waiting(&world, "one", "next").await;
    let base = Edit { base_branch: Some("main".into()), ..Edit::default() };
    pull_request::edit(app, &world.pulls("bo").await, edited.number, base).await.expect("edited");
    assert_eq!(world.read(edited.number).await.auto_merge, None, "Bo writes as well, but Mei had planned it");

    let stranded = waiting(&world, "two", "soon").await;
    let code = world.access("bo", "mei/llm", hearth_app::Unit::Code).await.write().expect("a writer");
    hearth_app::content::delete_branch(app, &code, "soon").await.expect("deleted");
    let stranded = world.read(stranded.number).await;
    assert_eq!((stranded.base_branch.as_str(), stranded.auto_merge), ("main", None));
}

#[tokio::test]
async fn a_planned_merge_is_called_off_where_merges_may_no_longer_be_planned() {
    let world = World::new().await;
    let app = &world.hearth.app;
    let asked = waiting(&world, "feature", "main").await;
    let code = world.access("mei", "mei/llm", hearth_app::Unit::Code).await;
    let mut settings = merge::settings(app, &code).await.expect("settings");
    settings.allows_auto_merge = false;
    let owner = code.administer().expect("the owner");
    merge::set_settings(app, &owner, &settings).await.expect("changed");
    let ready = Edit { is_draft: Some(false), ..Edit::default() };
    pull_request::edit(app, &world.pulls("bo").await, asked.number, ready).await.expect("edited");
    world.hearth.run_jobs().await;
    let open = world.read(asked.number).await;
    assert_eq!((open.state, open.auto_merge), (PullRequestState::Open, None));
}

#[tokio::test]
async fn a_planned_merge_is_called_off_by_a_push_of_somebody_who_may_not_merge() {
    let world = World::new().await;
    let asked = waiting(&world, "feature", "main").await;
    world.write("bo", ("feature", None), "more.txt", "more\n").await;
    assert!(world.read(asked.number).await.auto_merge.is_some(), "Bo could merge it himself");
    let settings = BranchRuleSettings { merge: WhoMay::Administrators, ..BranchRuleSettings::default() };
    let rule = NewRule { kind: RuleKind::Branch, pattern: "main".into(), settings };
    let code = world.access("mei", "mei/llm", hearth_app::Unit::Code).await;
    let administering = code.administer().expect("the owner");
    branch_rule::create(&world.hearth.app, &administering, &rule).await.expect("created");
    world.write("bo", ("feature", None), "evil.txt", "evil\n").await;
    assert_eq!(world.read(asked.number).await.auto_merge, None);
}

#[tokio::test]
async fn a_merge_of_what_nobody_saw_is_not_planned() {
    let world = World::new().await;
    let asked = world.asked("feature").await;
    let seen = asked.head_id.parse().ok();
    world.write("bo", ("feature", None), "evil.txt", "evil\n").await;
    let (app, mei) = (&world.hearth.app, world.writer("mei").await);
    let refused = merge::schedule_auto_merge(app, &mei, asked.number, planned(), seen).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::HeadMoved))), "{refused:?}");
    world.hearth.run_jobs().await;
    assert_eq!(world.read(asked.number).await.state, PullRequestState::Open);
}

#[tokio::test]
async fn a_branch_is_brought_up_to_date_in_both_ways() {
    let world = World::new().await;
    for method in UpdateMethod::ALL {
        let asked = world.asked(&format!("up-by-{method}")).await;
        world.write("mei", ("main", None), &format!("main-{method}.txt"), "main\n").await;
        let pulls = world.pulls("bo").await;
        merge::update_branch(&world.hearth.app, &pulls, asked.number, *method, None).await.expect("updated");
        world.hearth.run_jobs().await;
        let updated = world.read(asked.number).await;
        assert_eq!(updated.newest_version, 2, "{method}");
        assert_eq!(updated.merge_base_id, world.tip("main").await.map(|tip| tip.to_string()), "{method}");
        let again = merge::update_branch(&world.hearth.app, &pulls, asked.number, *method, None).await;
        assert!(matches!(again, Err(Error::Conflict(Conflict::NothingToMerge))), "{again:?}");
    }
}

#[tokio::test]
async fn what_was_merged_is_taken_back_and_made_elsewhere_by_pull_requests() {
    let world = World::new().await;
    world.write("mei", ("main", Some("release")), "release.txt", "1\n").await;
    for method in [MergeMethod::Merge, MergeMethod::Squash, MergeMethod::Rebase] {
        let branch = format!("then-{method}");
        let asked = world.asked(&branch).await;
        world.merge(asked.number, method).await.expect("merged");
        let pulls = world.pulls("bo").await;
        let picked = merge::cherry_pick(&world.hearth.app, &pulls, asked.number, "release").await;
        let picked = picked.expect("opened").pull_request;
        world.hearth.run_jobs().await;
        world.merge(picked.number, MergeMethod::Merge).await.expect("merged");
        assert!(world.text("release", &format!("{branch}.txt")).await.is_some(), "{method}");
        let reverted =
            merge::revert(&world.hearth.app, &pulls, asked.number).await.expect("opened").pull_request;
        world.hearth.run_jobs().await;
        world.merge(reverted.number, MergeMethod::Merge).await.expect("merged");
        assert_eq!(world.text("main", &format!("{branch}.txt")).await, None, "{method}");
    }
}

#[tokio::test]
async fn a_merge_waits_for_what_has_to_be_done_first() {
    let world = World::new().await;
    let (first, second) = (world.asked("first").await, world.asked("second").await);
    let (app, mei) = (&world.hearth.app, world.writer("mei").await);
    let blocker = ThreadName { repository: None, number: first.number };
    dependency::add_blocker(app, &mei, second.number, &blocker).await.expect("added");
    let refused = world.merge(second.number, MergeMethod::Merge).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Blocked))), "{refused:?}");
    let shown = merge::merge_box(app, &world.pulls("mei").await, second.number).await.expect("a box");
    let [Obstacle::Blocked { by }] = &shown.obstacles[..] else { panic!("{:?}", shown.obstacles) };
    assert_eq!(by.iter().map(|thread| thread.number).collect::<Vec<_>>(), [first.number]);
    let turn = review::turn(app, &world.pulls("mei").await, second.number).await.expect("a turn");
    assert_eq!(turn, review::Turn::Nobody);

    merge::schedule_auto_merge(app, &mei, second.number, planned(), None).await.expect("planned");
    world.hearth.run_jobs().await;
    assert!(world.read(second.number).await.auto_merge.is_some(), "it waits");
    world.merge(first.number, MergeMethod::Merge).await.expect("nothing is before it");
    world.hearth.run_jobs().await;
    assert_eq!(world.read(second.number).await.state, PullRequestState::Merged);
}

#[tokio::test]
async fn a_branch_that_is_gone_is_said_and_not_taken_for_a_missing_page() {
    let world = World::new().await;
    let app = &world.hearth.app;
    world.write("mei", ("main", Some("next")), "next.txt", "next\n").await;
    world.write("bo", ("next", Some("feature")), "feature.txt", "new\n").await;
    let number = world.open("bo", "feature", "next").await.pull_request.number;
    world.hearth.run_jobs().await;
    world.merge(number, MergeMethod::Merge).await.expect("merged");
    let code = world.access("mei", "mei/llm", hearth_app::Unit::Code).await.write().expect("hers");
    for branch in ["next", "feature"] {
        hearth_app::reference::delete_branch(app, &code, branch).await.expect("deleted");
    }
    let pulls = world.pulls("mei").await;
    let refused = merge::revert(app, &pulls, number).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::BaseGone))), "{refused:?}");
    let refused = merge::delete_head_branch(app, &pulls, number).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::HeadGone))), "{refused:?}");
}
