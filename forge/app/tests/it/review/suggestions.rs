//! Suggestions that are applied as commits.

use hearth_app::{
    code, content,
    review::{self, NewLineComment, SeenSuggestion, When},
};
use hearth_core::{Conflict, Error, LineSide, ThreadNumber};

use super::{BASE, PATH, World};

async fn suggest(world: &World, number: ThreadNumber, lines: (u32, u32), text: &str) -> SeenSuggestion {
    let new = NewLineComment {
        path: PATH.into(),
        side: LineSide::New,
        first_line: lines.0,
        last_line: lines.1,
        version: 1,
        body: format!("Better:\n```suggestion\n{text}\n```\n"),
    };
    let access = world.access("ana").await;
    let said = review::comment_on_lines(&world.hearth.app, &access, number, new, When::Now).await;
    SeenSuggestion::of(&said.expect("said"))
}

#[tokio::test(flavor = "multi_thread")]
async fn several_suggestions_become_one_commit_with_credit() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5").replace('\n', "\r\n")).await;
    let number = world.open().await;
    let ids = [
        suggest(&world, number, (5, 5), "FIVE").await,
        suggest(&world, number, (9, 10), "NINE\nTEN\nELEVEN").await,
    ];
    let (app, mei) = (&world.hearth.app, world.access("mei").await);
    let commit = review::apply_suggestions(app, &mei, number, &ids, None).await.expect("applied");
    world.hearth.run_jobs().await;
    let (_, held) = content::read(app, &mei, Some("work"), PATH).await.expect("the file");
    let content::Held::File(blob) = held else { panic!("it is a file") };
    let expected = BASE.replace("five", "FIVE").replace("nine\nten\n", "NINE\nTEN\nELEVEN\n");
    assert_eq!(blob.data.expect("small"), expected.replace('\n', "\r\n").into_bytes());
    let shown = code::commit_diff(app, &mei, &commit.to_string(), &code::Wanted::default()).await;
    let shown = shown.expect("the commit").commit.clone();
    assert!(shown.body.contains("Co-authored-by: ana <"), "{}", shown.body);
    let threads = review::line_threads(app, &mei, number).await.expect("threads");
    assert!(threads.iter().all(|thread| thread.is_resolved));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_overlaps_or_has_changed_is_not_applied() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let first = suggest(&world, number, (4, 5), "45").await;
    let second = suggest(&world, number, (5, 6), "56").await;
    let (app, mei) = (&world.hearth.app, world.access("mei").await);
    let both = review::apply_suggestions(app, &mei, number, &[first, second], None).await;
    assert!(matches!(both, Err(Error::Invalid(_))));
    let reader = world.access("bo").await;
    let refused = review::apply_suggestions(app, &reader, number, &[first], None).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
    let (ana, other) = (world.access("ana").await, "```suggestion\nsomething else\n```");
    let edited = review::edit_line_comment(app, &ana, number, second.comment, None, other).await;
    assert_eq!(SeenSuggestion::of(&edited.expect("hers")).to_string(), format!("{}.2", second.comment));
    let unseen = review::apply_suggestions(app, &mei, number, &[second], None).await;
    assert!(matches!(unseen, Err(Error::Conflict(Conflict::StaleEdit))), "{unseen:?}");
    world.push(&BASE.replace("five", "fifth")).await;
    let gone = review::apply_suggestions(app, &mei, number, &[first], None).await;
    assert!(matches!(gone, Err(Error::Invalid(_))));
}
