use hearth_app::{
    Unit, code,
    compare::{self, ComparedNames},
    fork, merge,
    pull_request::{self, HeadName, NewPullRequest},
    repository::{self, Edit, collaborator},
};
use hearth_core::{
    Conflict, Error, MergeCheck, MergeMethod, PageRequest, Permission, PullRequestState, UpdateMethod,
    Visibility,
};

use super::{World, by};

impl World {
    /// Eve, who may only read, forks the repository.
    async fn forked(&self) {
        let eve = self.hearth.user("eve").await;
        let code = self.access("eve", "mei/llm", Unit::Code).await;
        fork::fork(&self.hearth.app, &code, eve.id.into(), None).await.expect("forked");
    }

    async fn asked_from_fork(&self, allows_maintainer_edit: bool) -> pull_request::PullRequestCard {
        self.write_in("eve/llm", "eve", ("main", Some("feature")), "new.txt", "new\n").await;
        let new = NewPullRequest {
            title: "From my fork".into(),
            base_branch: "main".into(),
            head: HeadName { repository: Some(("eve".into(), "llm".into())), branch: "feature".into() },
            allows_maintainer_edit,
            ..NewPullRequest::default()
        };
        pull_request::open(&self.hearth.app, &self.pulls("eve").await, new).await.expect("opened")
    }
}

#[tokio::test]
async fn a_fork_has_the_branches_is_counted_and_is_made_once() {
    let world = World::new().await;
    world.forked().await;
    assert_eq!(world.tip_in("eve/llm", "main").await, world.tip("main").await);
    assert_eq!(world.repository("mei/llm").await.forks, 1);
    let code = world.access("eve", "mei/llm", Unit::Code).await;
    let eve = code.actor().user().expect("signed in").id;
    let again = fork::fork(&world.hearth.app, &code, eve.into(), Some("other".into())).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::NameTaken))), "{again:?}");
    let found = fork::find_of_owner(&world.hearth.app, &code, eve.into()).await.expect("an answer");
    assert_eq!(found.map(|found| found.name.to_string()).as_deref(), Some("llm"));
    let forks = fork::list_forks(&world.hearth.app, &code, PageRequest::default()).await.expect("an answer");
    assert_eq!(forks.items.len(), 1);
    world.hearth.run_jobs().await;
}

#[tokio::test]
async fn a_fork_of_what_is_private_is_private_and_outlives_it() {
    let world = World::new().await;
    let secret = world.hearth.private_repository("mei/secret").await;
    world.write_in("mei/secret", "mei", ("main", None), "key", "secret\n").await;
    world.hearth.permit(&secret, "bo", Permission::Read).await;
    let code = world.access("bo", "mei/secret", Unit::Code).await;
    let bo = code.actor().user().expect("signed in").id;
    let made = fork::fork(&world.hearth.app, &code, bo.into(), None).await.expect("forked");
    assert_eq!((made.visibility, made.fork_of_id), (Visibility::Private, Some(secret.id)));
    let own = world.access("bo", "bo/secret", Unit::Settings).await.administer().expect("his");
    let public = Edit { visibility: Some(Visibility::Public), ..Edit::default() };
    let published = repository::edit(&world.hearth.app, &own, public).await;
    assert!(matches!(published, Err(Error::Invalid(_))), "{published:?}");
    let code = world.access("mei", "mei/secret", Unit::Code).await.administer().expect("its owner");
    repository::delete(&world.hearth.app, &code).await.expect("deleted");
    assert_eq!(world.hearth.read_repository(made.id).await.fork_of_id, None);
    assert!(world.tip_in("bo/secret", "main").await.is_some());
}

#[tokio::test]
async fn commits_of_a_fork_come_to_the_base_and_are_merged_there() {
    let world = World::new().await;
    world.forked().await;
    let card = world.asked_from_fork(false).await;
    assert_eq!(card.head.repository.map(|head| head.owner.to_string()).as_deref(), Some("eve"));
    let number = card.pull_request.number;
    world.hearth.run_jobs().await;
    assert_eq!(world.read(number).await.merge_check, MergeCheck::Clean);
    let merged = world.merge(number, MergeMethod::Merge).await.expect("merged");
    assert_eq!(world.text("main", "new.txt").await.as_deref(), Some("new\n"));
    let title = world.commit(merged.commit).await.title;
    assert!(title.contains("from eve/llm:feature into main"), "{title}");
}

#[tokio::test]
async fn the_name_of_a_private_fork_is_told_to_its_readers_alone() {
    let world = World::new().await;
    world.forked().await;
    let number = world.asked_from_fork(false).await.pull_request.number;
    world.hearth.run_jobs().await;
    let code = world.access("eve", "eve/llm", Unit::Code).await.administer().expect("hers");
    let edit = Edit { visibility: Some(Visibility::Private), ..Edit::default() };
    repository::edit(&world.hearth.app, &code, edit).await.expect("edited");
    let seen = async |who: &str| {
        let found = pull_request::find(&world.hearth.app, &world.pulls(who).await, number).await;
        found.expect("there").head
    };
    assert!(seen("eve").await.repository.is_some());
    let head = seen("mei").await;
    assert_eq!((head.repository, head.is_gone), (None, false));
    let merged = world.merge(number, MergeMethod::Merge).await.expect("merged");
    let title = world.commit(merged.commit).await.title;
    assert!(!title.contains("eve"), "{title}");
}

#[tokio::test]
async fn maintainers_update_a_fork_only_where_its_author_lets_them() {
    for is_allowed in [false, true] {
        let world = World::new().await;
        world.forked().await;
        let number = world.asked_from_fork(is_allowed).await.pull_request.number;
        world.hearth.run_jobs().await;
        world.write("mei", ("main", None), "main.txt", "main\n").await;
        world.hearth.run_jobs().await;
        let pulls = world.pulls("bo").await;
        let updated =
            merge::update_branch(&world.hearth.app, &pulls, number, UpdateMethod::Merge, None).await;
        assert_eq!(updated.is_ok(), is_allowed, "{updated:?}");
        world.hearth.run_jobs().await;
        assert_eq!(world.read(number).await.newest_version, if is_allowed { 2 } else { 1 });
    }
}

#[tokio::test]
async fn a_pull_request_whose_fork_is_deleted_is_closed_and_keeps_its_commits() {
    let world = World::new().await;
    world.forked().await;
    let number = world.asked_from_fork(false).await.pull_request.number;
    world.hearth.run_jobs().await;
    let code = world.access("eve", "eve/llm", Unit::Code).await.administer().expect("hers");
    repository::delete(&world.hearth.app, &code).await.expect("deleted");
    world.hearth.run_jobs().await;
    let row = world.read(number).await;
    assert_eq!(row.state, PullRequestState::Closed);
    let found = pull_request::commits(&world.hearth.app, &world.pulls("mei").await, number).await;
    assert_eq!(found.expect("an answer").commits.len(), 1);
    let refused = world.merge_as("mei", number, by(MergeMethod::Merge)).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::State))), "{refused:?}");
}

#[tokio::test]
async fn a_comparison_counts_both_sides_and_leaves_nothing_of_a_private_repository_behind() {
    let world = World::new().await;
    world.forked().await;
    world.write_in("eve/llm", "eve", ("main", Some("feature")), "new.txt", "new\n").await;
    world.write("mei", ("main", None), "main.txt", "main\n").await;
    let pulls = world.pulls("mei").await;
    let compared = async |text: &str| {
        let (names, wanted) = (ComparedNames::parse(text, "main"), code::Wanted::default());
        compare::compare(&world.hearth.app, &pulls, &names, &wanted).await.expect("compared")
    };
    let found = compared("main...eve/llm:feature").await;
    assert_eq!((found.ahead, found.behind, found.files.len()), (1, 1, 1));

    world.hearth.private_repository("mei/secret").await;
    world.write_in("mei/secret", "mei", ("main", None), "key", "secret\n").await;
    let found = compared("main...mei/secret:main").await;
    assert_eq!((found.merge_base, found.files.is_empty()), (None, false));
    let secret = world.tip_in("mei/secret", "main").await.expect("a branch");
    let git = repository::git(&world.hearth.app, &world.repository("mei/llm").await).await.expect("files");
    let is_there = git.run(move |git| Ok(git.has_object(secret))).await.expect("an answer");
    assert!(!is_there, "everybody can ask the public repository for what it has");
}

#[tokio::test]
async fn whoever_has_lost_access_to_a_private_head_gets_no_more_of_it() {
    let world = World::new().await;
    let secret = world.hearth.private_repository("mei/secret").await;
    world.write_in("mei/secret", "mei", ("main", None), "key", "one\n").await;
    world.hearth.permit(&secret, "bo", Permission::Read).await;
    let new = NewPullRequest {
        title: "What I may read".into(),
        base_branch: "main".into(),
        head: HeadName { repository: Some(("mei".into(), "secret".into())), branch: "main".into() },
        ..NewPullRequest::default()
    };
    let app = &world.hearth.app;
    let opened = pull_request::open(app, &world.pulls("bo").await, new).await.expect("opened").pull_request;
    world.hearth.run_jobs().await;
    world.write_in("mei/secret", "mei", ("main", None), "key", "two\n").await;
    world.hearth.run_jobs().await;
    let before = world.read(opened.number).await;
    assert_eq!((before.newest_version, before.state), (2, PullRequestState::Open));

    let code = world.access("mei", "mei/secret", Unit::Code).await.administer().expect("hers");
    collaborator::remove(app, &code, "bo").await.expect("removed");
    world.write_in("mei/secret", "mei", ("main", None), "key", "three\n").await;
    world.hearth.run_jobs().await;
    let after = world.read(opened.number).await;
    assert_eq!((after.newest_version, after.state), (2, PullRequestState::Closed));
    assert_eq!(after.head_id, before.head_id);
    let tip = world.tip_in("mei/secret", "main").await.expect("a branch");
    let git = repository::git(app, &world.repository("mei/llm").await).await.expect("files");
    assert!(!git.run(move |git| Ok(git.has_object(tip))).await.expect("an answer"));
}
