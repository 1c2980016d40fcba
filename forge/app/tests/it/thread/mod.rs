//! Discussions: open to everybody who can read the repository, hidden from everybody else.

mod acts;
mod attachment;
mod organise;
mod reference;

use hearth_app::{
    Access, Unit, access,
    issue::{self, IssueCard, NewIssue},
    testing::TestHearth,
    thread::{Entry, Part, ThreadReference, timeline},
};
use hearth_core::{Read, ThreadNumber};

/// Opens a code repository by `owner/name`.
async fn enter(hearth: &TestHearth, name: &str, path: &str) -> Access<Read> {
    let row = hearth.find_repository(path).await;
    access::open_by_id(&hearth.app, &hearth.actor(name).await, Unit::Issues, row.id).await.expect("may read")
}

async fn open(hearth: &TestHearth, access: &Access<Read>, title: &str, body: &str) -> IssueCard {
    let new = NewIssue { title: title.into(), body: body.into(), ..NewIssue::default() };
    issue::open(&hearth.app, access, new).await.expect("opened")
}

/// References to an issue, as visible to whoever opened the repository.
async fn references(hearth: &TestHearth, access: &Access<Read>, number: i64) -> Vec<ThreadReference> {
    let card = issue::find(&hearth.app, access, ThreadNumber(number)).await.expect("there");
    let timeline = timeline(&hearth.app, access, &card.issue, Part::Ends).await.expect("a timeline");
    let entries = timeline.slices.into_iter().flat_map(|slice| slice.entries);
    entries
        .filter_map(|entry| match entry {
            Entry::Reference(reference) => Some(reference),
            _ => None,
        })
        .collect()
}
