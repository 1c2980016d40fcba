//! Verdicts: whose counts, and for how long.

use hearth_app::{
    branch_rule::{self, NewRule},
    pull_request::{self, HeadName, NewPullRequest},
    push,
    review::{self, AuthorTask, NewReview, Obstacle, Turn},
};
use hearth_core::{Action, BranchRuleSettings, Error, ReviewVerdict, RuleKind, ThreadNumber};
use hearth_git::{BranchName, RefUpdate, StorageId};

use super::{BASE, PATH, World};

async fn say(
    world: &World,
    who: &str,
    number: ThreadNumber,
    verdict: ReviewVerdict,
    version: i64,
) -> hearth_core::Result<review::Review> {
    let new = NewReview { verdict, body: "So it is.".into(), version };
    review::submit(&world.hearth.app, &world.access(who).await, number, new).await
}

async fn needs_one_approval(world: &World) {
    let settings =
        BranchRuleSettings { approvals: 1, lapses_on_change: true, ..BranchRuleSettings::default() };
    let rule = NewRule { kind: RuleKind::Branch, pattern: "main".into(), settings };
    branch_rule::create(&world.hearth.app, &world.administering().await, &rule).await.expect("created");
}

async fn missing(world: &World, number: ThreadNumber) -> Vec<Obstacle> {
    let found = hearth_app::merge::merge_box(&world.hearth.app, &world.access("mei").await, number).await;
    found.expect("a merge box").obstacles
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_approves_their_own_pull_request_and_readers_do_not_count() {
    let world = World::new().await;
    needs_one_approval(&world).await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let own = say(&world, "mei", number, ReviewVerdict::Approve, 1).await;
    assert!(matches!(own, Err(Error::Forbidden(Action::ReviewOwn))));
    say(&world, "bo", number, ReviewVerdict::Approve, 1).await.expect("said");
    let lacks = Obstacle::MissingApprovals { have: 0, need: 1, uncounted: Vec::new() };
    assert!(missing(&world, number).await.contains(&lacks));
    let given = say(&world, "ana", number, ReviewVerdict::Approve, 1).await.expect("said");
    assert!(!missing(&world, number).await.contains(&lacks));

    let writing = world.access("mei").await.write().expect("the owner");
    let set_aside = review::dismiss(&world.hearth.app, &writing, number, given.id, "Too early").await;
    set_aside.expect("dismissed");
    assert!(missing(&world, number).await.contains(&lacks));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sets_aside_what_was_said_of_their_own_pull_request() {
    let world = World::new().await;
    world.put("ana", "work", PATH, &BASE.replace("five", "5")).await;
    let new = NewPullRequest {
        title: "Train faster".into(),
        base_branch: "main".into(),
        head: HeadName { repository: None, branch: "work".into() },
        ..NewPullRequest::default()
    };
    let app = &world.hearth.app;
    let card = pull_request::open(app, &world.access("ana").await, new).await.expect("opened");
    let number = card.pull_request.number;
    world.hearth.run_jobs().await;
    let said = say(&world, "mei", number, ReviewVerdict::RequestChanges, 1).await.expect("said");
    let [ana, mei] = [world.access("ana").await, world.access("mei").await];
    let (ana, mei) = (ana.write().expect("a writer"), mei.write().expect("the owner"));
    let own = review::dismiss(app, &ana, number, said.id, "I know better").await;
    assert!(matches!(own, Err(Error::Forbidden(Action::ReviewOwn))), "{own:?}");
    review::dismiss(app, &mei, number, said.id, "Settled").await.expect("dismissed");
    let own = review::undismiss(app, &ana, number, said.id).await;
    assert!(matches!(own, Err(Error::Forbidden(Action::ReviewOwn))), "{own:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_lapses_when_the_diff_changes_and_not_when_the_base_moves() {
    let world = World::new().await;
    needs_one_approval(&world).await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    say(&world, "ana", number, ReviewVerdict::Approve, 1).await.expect("said");
    let lacks = Obstacle::MissingApprovals { have: 0, need: 1, uncounted: Vec::new() };

    rebase(&world).await;
    let (app, mei) = (&world.hearth.app, world.access("mei").await);
    assert_eq!(pull_request::versions(app, &mei, number).await.expect("versions").len(), 2);
    assert!(!missing(&world, number).await.contains(&lacks), "the diff is the same");

    world.push(&format!("{}eleven\n", BASE.replace("five", "5"))).await;
    assert!(missing(&world, number).await.contains(&lacks));
    let turn = review::turn(app, &mei, number).await.expect("a turn");
    assert_eq!(turn, Turn::Reviewers(vec!["ana".into()]), "whoever approved looks again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_does_not_move_with_lines_to_another_place_that_looks_the_same() {
    let world = World::new().await;
    needs_one_approval(&world).await;
    let check = |name: &str, added: &str| {
        format!("def {name}(user):\n    a()\n    b()\n    c()\n{added}    d()\n    e()\n    f()\n\n")
    };
    let skip = "    return True\n";
    world.put("mei", "main", PATH, &format!("{}{}", check("is_reader", ""), check("is_owner", ""))).await;
    world.push(&format!("{}{}", check("is_reader", skip), check("is_owner", ""))).await;
    let number = world.open().await;
    say(&world, "ana", number, ReviewVerdict::Approve, 1).await.expect("said");
    let lacks = Obstacle::MissingApprovals { have: 0, need: 1, uncounted: Vec::new() };
    assert!(!missing(&world, number).await.contains(&lacks));
    world.push(&format!("{}{}", check("is_reader", ""), check("is_owner", skip))).await;
    assert!(missing(&world, number).await.contains(&lacks), "nobody approved that for owners");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_lapses_however_much_was_said_after_it() {
    let world = World::new().await;
    needs_one_approval(&world).await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    say(&world, "ana", number, ReviewVerdict::Approve, 1).await.expect("said");
    let (app, mei) = (&world.hearth.app, world.access("mei").await);
    let row = pull_request::find(app, &mei, number).await.expect("there").pull_request;
    let mut writer = app.store().write().await.expect("a transaction");
    let chatter = hearth_store::review::NewReview {
        thread_id: row.id,
        author_id: row.author_id,
        verdict: ReviewVerdict::Comment,
        version: 1,
        body: "And?".into(),
        submitted_at: app.now(),
    };
    for _ in 0..1_100 {
        hearth_store::review::insert(&mut writer, &chatter).await.expect("kept");
    }
    writer.commit().await.expect("kept");
    world.push(&BASE.replace("five", "evil")).await;
    assert!(missing(&world, number).await.contains(&Obstacle::MissingApprovals {
        have: 0,
        need: 1,
        uncounted: Vec::new()
    }));
}

/// Puts the change of `work` on top of another `main`, as a forced push.
async fn rebase(world: &World) {
    world.put("mei", "main", "README.md", "# LLM\n").await;
    world.put("mei", "again", PATH, &BASE.replace("five", "5")).await;
    let row = world.hearth.find_repository("mei/llm").await;
    let git = world.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let [work, again] = ["work", "again"].map(|name| BranchName::new(name).expect("a good name"));
    let (from, to, name) = (work.clone(), again, work.full());
    let tips = git.run(move |git| Ok((git.branch(&from)?, git.branch(&to)?))).await.expect("branches");
    let update = RefUpdate { name, old: tips.0, new: tips.1 };
    git.update_references(std::slice::from_ref(&update)).await.expect("moved");
    push::record(&world.hearth.app, &row, Some(hearth_core::UserId(row.owner_id.0)), &[update])
        .await
        .expect("recorded");
    world.hearth.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_closed_by_the_review_and_changes_are_the_authors_turn() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let (app, mei) = (&world.hearth.app, world.access("mei").await);
    review::request_review(app, &mei, number, &["ana".into()]).await.expect("asked");
    assert_eq!(review::turn(app, &mei, number).await.expect("a turn"), Turn::Reviewers(vec!["ana".into()]));
    say(&world, "ana", number, ReviewVerdict::RequestChanges, 1).await.expect("said");
    assert!(review::requests(app, &mei, number).await.expect("requests").is_empty());
    let turn = review::turn(app, &mei, number).await.expect("a turn");
    assert_eq!(turn, Turn::Author(AuthorTask::AnswerReview));
    let stranger = review::request_review(app, &mei, number, &["nobody".into()]).await;
    assert!(matches!(stranger, Err(Error::Invalid(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_of_commits_that_they_pushed_themselves_is_not_one_of_another_person() {
    let world = World::new().await;
    needs_one_approval(&world).await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    world.put("ana", "work", PATH, &BASE.replace("five", "evil")).await;
    world.hearth.run_jobs().await;
    say(&world, "ana", number, ReviewVerdict::Approve, 2).await.expect("said");
    let ana = "ana".parse().expect("a good name");
    let lacks = Obstacle::MissingApprovals { have: 0, need: 1, uncounted: vec![ana] };
    assert!(missing(&world, number).await.contains(&lacks), "{:?}", missing(&world, number).await);

    // What she pushed was taken back: the difference is the author's alone again.
    world.push(&BASE.replace("five", "5")).await;
    say(&world, "ana", number, ReviewVerdict::Approve, 3).await.expect("said");
    let is_lacking = |obstacle: &Obstacle| matches!(obstacle, Obstacle::MissingApprovals { .. });
    assert!(!missing(&world, number).await.iter().any(is_lacking));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_of_what_they_pushed_does_not_count_when_somebody_else_opened_the_pull_request() {
    let world = World::new().await;
    needs_one_approval(&world).await;
    world.put("ana", "work", PATH, &BASE.replace("five", "evil")).await;
    // The last push is somebody else's, and whoever asks for the merge may only read.
    world.push(&format!("{}eleven\n", BASE.replace("five", "evil"))).await;
    let new = NewPullRequest {
        title: "Train faster".into(),
        base_branch: "main".into(),
        head: HeadName { repository: None, branch: "work".into() },
        ..NewPullRequest::default()
    };
    let app = &world.hearth.app;
    let card = pull_request::open(app, &world.access("bo").await, new).await.expect("opened");
    let number = card.pull_request.number;
    world.hearth.run_jobs().await;
    say(&world, "ana", number, ReviewVerdict::Approve, 1).await.expect("said");
    let ana = "ana".parse().expect("a good name");
    let lacks = Obstacle::MissingApprovals { have: 0, need: 1, uncounted: vec![ana] };
    assert!(missing(&world, number).await.contains(&lacks), "{:?}", missing(&world, number).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn owners_of_code_who_cannot_approve_are_named_as_such() {
    let world = World::new().await;
    world.put("mei", "main", "CODEOWNERS", "*.py @ana @bo @mei/gone\n").await;
    let settings = BranchRuleSettings { needs_code_owners: true, ..BranchRuleSettings::default() };
    let rule = NewRule { kind: RuleKind::Branch, pattern: "main".into(), settings };
    branch_rule::create(&world.hearth.app, &world.administering().await, &rule).await.expect("created");
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let lacks = Obstacle::CodeOwnersMissing {
        owners: names(&["@ana", "@bo", "@mei/gone"]),
        paths: names(&[PATH]),
        // Bo only reads, and there is no such team.
        unknown: names(&["@bo", "@mei/gone"]),
    };
    let found = missing(&world, number).await;
    assert!(found.contains(&lacks), "{found:?}");
    say(&world, "ana", number, ReviewVerdict::Approve, 1).await.expect("said");
    let found = missing(&world, number).await;
    assert!(!found.iter().any(|one| matches!(one, Obstacle::CodeOwnersMissing { .. })), "{found:?}");
}
