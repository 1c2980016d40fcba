use hearth_app::{
    Unit, label,
    release::{self, Edit, NewRelease, NotesWanted, ReleaseFilter},
    testing::test_start,
};
use hearth_core::{Conflict, Error, Kind, Language, MergeMethod, PageRequest, Write};

use crate::{pull_request::World, support::code_of};

async fn writer(world: &World) -> hearth_app::Access<Write> {
    world.access("mei", "mei/llm", Unit::Releases).await.write().expect("she may write")
}

fn new(tag: &str) -> NewRelease {
    NewRelease { tag: tag.into(), title: format!("Release {tag}"), ..NewRelease::default() }
}

#[tokio::test]
async fn publishing_makes_the_tag_and_a_draft_is_for_writers_alone() {
    let world = World::new().await;
    let (app, writing) = (&world.hearth.app, writer(&world).await);
    world.hearth.user("ann").await;
    let ann = world.access("ann", "mei/llm", Unit::Releases).await;
    let draft = NewRelease { is_draft: true, ..new("v1") };
    let draft = release::create(app, &writing, draft).await.expect("a draft");
    assert!(draft.release.is_draft() && draft.commit.is_none());
    let hidden = release::find(app, &ann, draft.release.id).await;
    assert!(matches!(hidden, Err(Error::NotFound(Kind::Release))), "{hidden:?}");
    let listed = release::list(app, &ann, ReleaseFilter::default(), PageRequest::default()).await;
    assert_eq!(listed.expect("a list").total, 0);

    let publish = Edit { is_draft: Some(false), seen: Some(1), ..Edit::default() };
    let published = release::edit(app, &writing, draft.release.id, publish.clone()).await.expect("published");
    assert_eq!(published.commit, world.tip("main").await);
    assert_eq!((published.is_latest, published.release.published_at), (true, Some(test_start())));
    assert_eq!(release::latest(app, &ann).await.expect("it is there").release.tag_name, "v1");
    let stale = release::edit(app, &writing, draft.release.id, publish).await;
    assert!(matches!(stale, Err(Error::Conflict(Conflict::StaleEdit))), "{stale:?}");
    let twice = release::create(app, &writing, new("v1")).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::ReleaseExists))), "{twice:?}");
}

#[tokio::test]
async fn a_release_of_nothing_leaves_nothing() {
    let world = World::new().await;
    let (app, writing) = (&world.hearth.app, writer(&world).await);
    let nowhere = NewRelease { target: "nowhere".into(), ..new("v1") };
    let refused = release::create(app, &writing, nowhere).await;
    assert_eq!(code_of(refused), Some(("target", "unknown-revision")));
    assert_eq!(code_of(release::create(app, &writing, new("v 1")).await), Some(("tag_name", "ref-name")));
    let unknown = NewRelease { task: Some(hearth_core::TaskId(7)), ..new("v1") };
    assert_eq!(code_of(release::create(app, &writing, unknown).await), Some(("task", "unknown-task")));
    let access = world.access("mei", "mei/llm", Unit::Releases).await;
    let listed = release::list(app, &access, ReleaseFilter::default(), PageRequest::default()).await;
    assert_eq!(listed.expect("a list").total, 0);
}

#[tokio::test]
async fn a_chosen_release_stays_the_latest_one_until_another_is_chosen() {
    let world = World::new().await;
    let (app, writing) = (&world.hearth.app, writer(&world).await);
    let access = world.access("mei", "mei/llm", Unit::Releases).await;
    let chosen = NewRelease { is_chosen: true, ..new("v1") };
    let first = release::create(app, &writing, chosen).await.expect("published");
    let second = release::create(app, &writing, new("v2")).await.expect("published");
    assert!(first.is_latest && !second.is_latest);
    let choose = Edit { is_chosen: Some(true), ..Edit::default() };
    release::edit(app, &writing, second.release.id, choose).await.expect("chosen");
    let latest = release::latest(app, &access).await.expect("it is there");
    assert_eq!(latest.release.tag_name, "v2");
    let again = release::find(app, &access, first.release.id).await.expect("it is there");
    assert!(!again.release.is_chosen);
    release::delete(app, &writing, second.release.id, true).await.expect("deleted");
    assert_eq!(release::latest(app, &access).await.expect("it is there").release.tag_name, "v1");
    let gone = release::find_by_tag(app, &access, "v2").await;
    assert!(matches!(gone, Err(Error::NotFound(Kind::Release))), "{gone:?}");
}

#[tokio::test]
async fn notes_list_what_was_merged_since_the_previous_release_by_label() {
    let world = World::new().await;
    let (app, writing) = (&world.hearth.app, writer(&world).await);
    let access = world.access("mei", "mei/llm", Unit::Releases).await;
    let first = world.asked("first").await;
    world.merge(first.number, MergeMethod::Merge).await.expect("merged");
    release::create(app, &writing, new("v1")).await.expect("published");
    let second = world.asked("second").await;
    let issues = world.access("mei", "mei/llm", Unit::Issues).await.write().expect("she may write");
    label::create_defaults(app, &issues).await.expect("labels");
    let bug = label::find_by_name(app, &access.enter_unit(Unit::Issues).expect("readable"), "bug").await;
    let edit = hearth_app::pull_request::Edit {
        labels: Some(vec![bug.expect("a label").id]),
        ..hearth_app::pull_request::Edit::default()
    };
    hearth_app::pull_request::edit(app, &world.pulls("mei").await, second.number, edit)
        .await
        .expect("labelled");
    world.merge(second.number, MergeMethod::Squash).await.expect("merged");

    let wanted = NotesWanted { tag: "v2".into(), ..NotesWanted::default() };
    let notes = release::notes(app, &access, Language::En, wanted.clone()).await.expect("notes");
    assert_eq!(notes.previous.as_deref(), Some("v1"));
    assert!(notes.text.contains("### Fixed\n\n- Merge second by @bo in #2"), "{}", notes.text);
    assert!(!notes.text.contains("#1") && notes.text.contains("/mei/llm/compare/v1...v2"), "{}", notes.text);

    let categories = "changelog:\n  categories:\n  - title: Repairs\n    labels: [bug]\n";
    world.write("mei", ("main", None), ".github/release.yml", categories).await;
    let notes = release::notes(app, &access, Language::ZhCn, wanted.clone()).await.expect("notes");
    assert!(notes.text.contains("### Repairs") && notes.text.contains("@bo"), "{}", notes.text);
    let unknown = NotesWanted { previous: Some("v0".into()), ..wanted };
    let refused = release::notes(app, &access, Language::En, unknown).await;
    assert_eq!(code_of(refused), Some(("previous", "unknown-revision")));
}
