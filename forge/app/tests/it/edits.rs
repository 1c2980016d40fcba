//! Concurrent edits: each changes what it names, and nothing else.

use std::sync::Arc;

use hearth_app::{
    Access, App, Unit, access,
    content::{self, Action, FileChange},
    repository::{self, Edit},
    testing::TestHearth,
    user,
};
use hearth_core::{
    Administer, Error, Language, RandomSource, Read, RepositoryKind, SeededRandomSource, Visibility,
};
use hearth_git::OpenRepository;
use hearth_store::repository::Repository;
use tokio::task::{JoinSet, yield_now};

const ROUNDS: u8 = 12;

async fn entered(hearth: &TestHearth, name: &str) -> Access<Read> {
    let mei = hearth.actor("mei").await;
    access::open(&hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", name).await.expect("there")
}

fn file(path: String) -> FileChange {
    let action = Action::Create { content: b"text".to_vec() };
    FileChange { path, action, branch: None, new_branch: None, message: None, author: None }
}

/// Yields to other tasks a random number of times.
async fn give_way(random: &dyn RandomSource) {
    for _ in 0..random.bytes::<1>()[0] % 8 {
        yield_now().await;
    }
}

type Field = fn(u8) -> Edit;

/// One field for each editor, with its value in each round.
const FIELDS: [Field; 4] = [
    |round| Edit { description: Some(format!("In round {round}")), ..Edit::default() },
    |round| Edit { website: Some(format!("https://example.org/{round}")), ..Edit::default() },
    |round| Edit { name: Some(format!("llm-{round}")), ..Edit::default() },
    |round| {
        let branch = if round % 2 == 0 { "main" } else { "dev" };
        Edit { default_branch: Some(branch.into()), ..Edit::default() }
    },
];

async fn edit_all_rounds(
    app: App,
    access: Arc<Access<Administer>>,
    field: Field,
    seed: u64,
) -> Vec<Repository> {
    let random = SeededRandomSource::new(seed);
    let mut seen = Vec::new();
    for round in 0..ROUNDS {
        give_way(&random).await;
        seen.push(repository::edit(&app, &access, field(round)).await.expect("edited"));
    }
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_edit_of_settings_is_lost_and_what_is_private_stays_private() {
    for hearth in TestHearth::all().await {
        for seed in 0..3_u64 {
            let name = format!("code-{seed}");
            let row = hearth.private_repository(&format!("mei/{name}")).await;
            let reading = entered(&hearth, &name).await;
            let writing = reading.write().expect("the owner");
            content::change(&hearth.app, &writing, file("README.md".into())).await.expect("committed");
            content::create_branch(&hearth.app, &writing, "dev", "main").await.expect("a branch");
            // All of them read the row before any of them writes.
            let access = Arc::new(reading.administer().expect("the owner"));
            let mut editors = JoinSet::new();
            for (place, field) in FIELDS.into_iter().enumerate() {
                let (app, access) = (hearth.app.clone(), Arc::clone(&access));
                editors.spawn(edit_all_rounds(app, access, field, seed * 10 + place as u64));
            }
            let app = hearth.app.clone();
            editors.spawn(async move {
                for round in 0..ROUNDS / 3 {
                    content::change(&app, &writing, file(format!("{round}.txt"))).await.expect("committed");
                }
                Vec::new()
            });
            let seen = editors.join_all().await;
            assert!(seen.iter().flatten().all(|row| row.visibility == Visibility::Private), "seed {seed}");

            let last = hearth.read_repository(row.id).await;
            let expected = (
                format!("In round {}", ROUNDS - 1),
                format!("https://example.org/{}", ROUNDS - 1),
                format!("llm-{}", ROUNDS - 1),
                "dev".to_owned(),
                Visibility::Private,
            );
            let found = (
                last.description.clone(),
                last.website.clone(),
                last.name.to_string(),
                last.default_branch.clone(),
                last.visibility,
            );
            assert_eq!(found, expected, "seed {seed} on {}", hearth.app.store().engine());
            let files = repository::git(&hearth.app, &last).await.expect("files");
            let head = files.run(OpenRepository::default_branch).await.expect("HEAD");
            assert_eq!(head.as_str(), "dev", "HEAD follows the row");
            repository::rename(&hearth.app, &access, &name).await.expect("its names are free for the next");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn profile_language_and_colours_do_not_undo_each_other() {
    for hearth in TestHearth::all().await {
        hearth.user("mei").await;
        let mei = hearth.actor("mei").await;
        for _ in 0..5 {
            let profile = user::Profile { display_name: "梅".into(), ..user::Profile::default() };
            let dark = "dark".parse().ok();
            let (profile, language, colours) = tokio::join!(
                user::change_profile(&hearth.app, &mei, profile),
                user::change_language(&hearth.app, &mei, Language::ZhCn),
                user::change_colours(&hearth.app, &mei, dark),
            );
            for changed in [profile, language, colours] {
                changed.expect("kept");
            }
            let Some(now) = hearth.actor("mei").await.user().cloned() else { panic!("she is there") };
            assert_eq!((now.display_name.as_str(), now.language), ("梅", Some(Language::ZhCn)));
            assert_eq!(now.theme.as_deref(), Some("dark"));
            user::change_appearance(&hearth.app, &mei, None, None).await.expect("kept");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_administrators_who_take_each_others_rights_leave_one() {
    for hearth in TestHearth::all().await {
        hearth.admin("mei").await;
        hearth.admin("lin").await;
        let (mei, lin) = (hearth.actor("mei").await, hearth.actor("lin").await);
        let (one, other) = tokio::join!(
            user::unmake_admin(&hearth.app, &mei, "lin"),
            user::unmake_admin(&hearth.app, &lin, "mei"),
        );
        assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
        let refused = if one.is_ok() { other } else { one };
        assert!(matches!(refused, Err(Error::Forbidden(_) | Error::Unavailable(_))), "{refused:?}");
    }
}
