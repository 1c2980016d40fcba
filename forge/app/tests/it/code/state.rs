use hearth_app::{
    Unit,
    repository::{
        self, Edit, archive_state, interest,
        template::{self, FromTemplate},
    },
};
use hearth_core::{Action, Error, Interest, Permission, Visibility};

use crate::pull_request::World;

#[tokio::test]
async fn an_archived_repository_is_read_and_starred_and_nothing_else() {
    let world = World::new().await;
    let app = &world.hearth.app;
    let settings = world.access("mei", "mei/llm", Unit::Settings).await.administer().expect("hers");
    let after = archive_state::archive(app, &settings).await.expect("archived");
    assert!(after.is_archived());
    for unit in [Unit::Code, Unit::Issues, Unit::Pulls, Unit::Releases, Unit::Tasks] {
        let access = world.access("mei", "mei/llm", unit).await;
        assert!(!access.can(Permission::Write) && access.can(Permission::Read), "{unit}");
        for refused in [access.write().map(drop), access.participant().map(drop)] {
            assert!(matches!(refused, Err(Error::Forbidden(Action::Archived))), "{refused:?}");
        }
    }
    let bo = world.access("bo", "mei/llm", Unit::Code).await;
    assert!(interest::set(app, &bo, Interest::Star, true).await.expect("a star"));
    let settings = world.access("mei", "mei/llm", Unit::Settings).await.administer().expect("still hers");
    archive_state::unarchive(app, &settings).await.expect("unarchived");
    assert!(world.access("bo", "mei/llm", Unit::Code).await.write().is_ok());
}

#[tokio::test]
async fn a_repository_from_a_template_begins_with_its_files_as_one_commit_or_with_its_history() {
    let world = World::new().await;
    let app = &world.hearth.app;
    world.write("mei", ("main", None), "train.py", "pass\n").await;
    let bo = world.access("bo", "mei/llm", Unit::Code).await;
    let new = |name: &str, with_history| FromTemplate {
        owner: bo.actor().user().expect("signed in").id.into(),
        name: name.into(),
        description: String::new(),
        visibility: Visibility::Public,
        with_history,
        with_topics: false,
        with_labels: true,
    };
    let refused = template::generate(app, &bo, new("mine", false)).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Template))), "{refused:?}");
    let settings = world.access("mei", "mei/llm", Unit::Settings).await.administer().expect("hers");
    let edit = Edit { is_template: Some(true), ..Edit::default() };
    repository::edit(app, &settings, edit).await.expect("a template");
    let bo = world.access("bo", "mei/llm", Unit::Code).await;
    template::generate(app, &bo, new("fresh", false)).await.expect("made");
    template::generate(app, &bo, new("whole", true)).await.expect("made");
    let template = world.tip("main").await.expect("a commit");
    assert_eq!(world.tip_in("bo/whole", "main").await, Some(template));
    let fresh = world.tip_in("bo/fresh", "main").await.expect("a commit");
    let git = repository::git(app, &world.repository("bo/fresh").await).await.expect("files");
    let (parents, files) = git
        .run(move |git| {
            let files = git.files(fresh, 10)?.value;
            Ok((git.commit(fresh)?.parent_count, files.len()))
        })
        .await
        .expect("readable");
    assert_eq!((parents, files), (0, 2));
    assert!(!world.repository("bo/fresh").await.is_empty);
}
