use std::{collections::BTreeSet, ops::ControlFlow::Continue};

use hearth_git::ObjectId;

use crate::support::Fixture;

impl Fixture {
    async fn small_blobs(&self, more: Vec<ObjectId>) -> BTreeSet<String> {
        let visited = self.repository.run(move |git| {
            let mut seen = BTreeSet::new();
            git.visit_small_blobs(&more, 10, |bytes| {
                seen.insert(String::from_utf8_lossy(bytes).into_owned());
                Continue(())
            })?;
            Ok(seen)
        });
        visited.await.unwrap()
    }
}

fn texts<const N: usize>(all: [&str; N]) -> BTreeSet<String> {
    all.map(str::to_owned).into()
}

#[tokio::test]
async fn small_blobs_of_all_references_and_all_of_history_are_visited_and_large_ones_are_not() {
    let fixture = Fixture::new().await;
    assert!(fixture.small_blobs(Vec::new()).await.is_empty());
    let copy = fixture.working_copy();
    copy.write("a", "first");
    copy.write("large", "longer than ten bytes");
    copy.commit("first");
    copy.write("a", "second");
    copy.commit("second");
    copy.push();
    copy.git(&["checkout", "-q", "--orphan", "hidden"]);
    copy.write("a", "hidden");
    let hidden = copy.commit("hidden");
    copy.git(&["push", "-q", "origin", "HEAD:refs/heads/other"]);
    assert_eq!(fixture.small_blobs(Vec::new()).await, texts(["first", "second", "hidden"]));

    copy.git(&["push", "-q", "origin", ":refs/heads/other"]);
    assert_eq!(fixture.small_blobs(Vec::new()).await, texts(["first", "second"]));
    assert_eq!(fixture.small_blobs(vec![hidden]).await, texts(["first", "second", "hidden"]));
    let gone = "0123456789012345678901234567890123456789".parse().unwrap();
    assert_eq!(fixture.small_blobs(vec![gone]).await, texts(["first", "second"]));
}
