//! Comments on lines: where they stand, and who sees them.

use hearth_app::review::{self, NewLineComment, NewReview, When};
use hearth_core::{Error, Kind, LineSide, ReviewVerdict};

use super::{BASE, PATH, World};

fn on(line: u32, version: i64, body: &str) -> NewLineComment {
    NewLineComment {
        path: PATH.into(),
        side: LineSide::New,
        first_line: line,
        last_line: line,
        version,
        body: body.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_follows_its_line_and_keeps_the_code_when_that_is_gone() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let (app, ana) = (&world.hearth.app, world.access("ana").await);
    review::comment_on_lines(app, &ana, number, on(5, 1, "Why?"), When::Now).await.expect("commented");

    world.push(&format!("zero\n{}", BASE.replace("five", "5"))).await;
    let threads = review::line_threads(app, &ana, number).await.expect("threads");
    assert_eq!(threads[0].place.as_ref().map(|place| place.first_line), Some(6));

    world.push(&format!("zero\n{}", BASE.replace("five", "fifth"))).await;
    let threads = review::line_threads(app, &ana, number).await.expect("threads");
    assert!(threads[0].is_outdated());
    assert_eq!(threads[0].quoted.lines, ["two", "three", "four", "5"]);

    // What comes back finds its comment again.
    world.push(&format!("zero\n{}", BASE.replace("five", "5"))).await;
    let threads = review::line_threads(app, &ana, number).await.expect("threads");
    assert_eq!(threads[0].place.as_ref().map(|place| place.first_line), Some(6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_on_an_old_version_is_placed_in_the_newest_at_once() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    world.push(&format!("zero\n{}", BASE.replace("five", "5"))).await;
    let (app, ana) = (&world.hearth.app, world.access("ana").await);
    review::comment_on_lines(app, &ana, number, on(5, 1, "Why?"), When::Now).await.expect("commented");
    let threads = review::line_threads(app, &ana, number).await.expect("threads");
    assert_eq!((threads[0].version, threads[0].place.as_ref().map(|place| place.first_line)), (1, Some(6)));
    let gone = on(40, 1, "There is no such line");
    let refused = review::comment_on_lines(app, &ana, number, gone, When::Now).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn pending_comments_are_seen_by_their_author_until_they_are_submitted_together() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let app = &world.hearth.app;
    let (ana, mei) = (world.access("ana").await, world.access("mei").await);
    let first = review::comment_on_lines(app, &ana, number, on(5, 1, "One"), When::WithReview).await;
    let first = first.expect("kept").id;
    review::comment_on_lines(app, &ana, number, on(1, 1, "Two"), When::WithReview).await.expect("kept");
    let seen =
        |access| async move { review::line_threads(app, access, number).await.expect("threads").len() };
    assert_eq!((seen(&ana).await, seen(&mei).await), (2, 0));
    assert!(matches!(
        review::find_line_comment(app, &mei, number, first).await,
        Err(Error::NotFound(Kind::LineComment))
    ));
    let hidden = review::reply(app, &mei, number, first, "What?", When::Now).await;
    assert!(matches!(hidden, Err(Error::NotFound(Kind::LineComment))));
    assert!(review::reviews(app, &mei, number).await.expect("reviews").is_empty());

    let new = NewReview { verdict: ReviewVerdict::Comment, body: String::new(), version: 1 };
    review::submit(app, &ana, number, new).await.expect("submitted");
    assert_eq!((seen(&ana).await, seen(&mei).await), (2, 2));
    assert_eq!(review::reviews(app, &mei, number).await.expect("reviews").len(), 1);
    assert_eq!(review::pending(app, &ana, number).await.expect("an answer"), None);

    review::reply(app, &mei, number, first, "Because.", When::Now).await.expect("replied");
    review::resolve(app, &mei, number, first).await.expect("the author may");
    let threads = review::line_threads(app, &ana, number).await.expect("threads");
    assert!(threads[0].is_resolved && threads[0].comments.len() == 2);
    let stranger = world.access("bo").await;
    assert!(matches!(review::unresolve(app, &stranger, number, first).await, Err(Error::Forbidden(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_ticked_as_long_as_its_changes_are_the_same() {
    let world = World::new().await;
    world.push(&BASE.replace("five", "5")).await;
    let number = world.open().await;
    let (app, ana) = (&world.hearth.app, world.access("ana").await);
    review::set_viewed(app, &ana, number, PATH, "ab12", true).await.expect("ticked");
    review::note_visit(app, &ana, number, 7).await.expect("noted");
    let look = review::look(app, &ana, number).await.expect("a look");
    assert!(look.is_viewed(PATH, "ab12") && !look.is_viewed(PATH, "ab13"));
    assert_eq!(look.last_version, Some(1), "no version that does not exist");
    review::set_viewed(app, &ana, number, PATH, "ab12", false).await.expect("unticked");
    assert!(review::look(app, &ana, number).await.expect("a look").viewed.is_empty());
}
