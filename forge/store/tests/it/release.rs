use std::time::Duration;

use hearth_core::{PageRequest, RepositoryId};
use hearth_store::{
    Error, Writer, blob,
    release::{self, NewRelease, Release, ReleaseFilter},
    release_asset::{self, NewAsset},
    release_notes,
    release_upload::{self, NewUpload, Piece},
    repository_contents, repository_facts,
    testing::TestStore,
    user::User,
};

use crate::support::{insert_pull_request, insert_repository, insert_user, test_start};

fn draft(repository_id: RepositoryId, author: &User, tag: &str) -> NewRelease {
    NewRelease {
        repository_id,
        tag_name: tag.into(),
        target: String::new(),
        title: String::new(),
        notes: String::new(),
        is_prerelease: false,
        author_id: author.id,
        task_id: None,
        created_at: test_start(),
    }
}

/// A release that was published `hours` after the tests' start.
async fn published(
    writer: &mut Writer,
    repository: RepositoryId,
    author: &User,
    tag: &str,
    hours: u64,
) -> Release {
    let mut made = release::insert(writer, &draft(repository, author, tag)).await.expect("the tag is free");
    let at = test_start() + Duration::from_hours(hours);
    made.published_at = Some(at);
    release::update(writer, &made, at).await.expect("stored");
    release::find(writer, repository, made.id).await.expect("an answer").expect("there")
}

#[tokio::test]
async fn the_latest_release_is_the_chosen_one_or_else_the_newest_that_is_no_pre_release() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        assert_eq!(latest(&mut writer, llm).await, None);
        let mut first = published(&mut writer, llm, &mei, "v1", 1).await;
        published(&mut writer, llm, &mei, "v2", 2).await;
        let mut beta = published(&mut writer, llm, &mei, "v3-beta", 3).await;
        beta.is_prerelease = true;
        release::update(&mut writer, &beta, test_start()).await.expect("stored");
        release::insert(&mut writer, &draft(llm, &mei, "v4")).await.expect("a draft");
        assert_eq!(latest(&mut writer, llm).await.as_deref(), Some("v2"));
        for chosen in [&mut first, &mut beta] {
            chosen.is_chosen = true;
            release::update(&mut writer, chosen, test_start()).await.expect("stored");
            release::unchoose_others(&mut writer, chosen).await.expect("stored");
            assert_eq!(latest(&mut writer, llm).await, Some(chosen.tag_name.clone()));
        }
        let before = test_start() + Duration::from_hours(9);
        let previous = release::find_previous(&mut writer, llm, "v3-beta", before).await;
        assert_eq!(previous.expect("an answer").map(|found| found.tag_name), Some("v2".into()));
    }
}

async fn latest(writer: &mut Writer, repository: RepositoryId) -> Option<String> {
    let found = release::find_latest(writer, repository).await.expect("an answer");
    found.map(|found| found.tag_name)
}

#[tokio::test]
async fn a_tag_has_one_release() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        published(&mut writer, llm, &mei, "v1", 1).await;
        let taken = release::insert(&mut writer, &draft(llm, &mei, "v1")).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn drafts_come_first_and_count_apart() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        published(&mut writer, llm, &mei, "v1", 1).await;
        published(&mut writer, llm, &mei, "v2", 2).await;
        release::insert(&mut writer, &draft(llm, &mei, "v3")).await.expect("a draft");
        let all = ReleaseFilter::default();
        let listed = release::list(&mut writer, llm, all, PageRequest::default()).await.expect("a list");
        let tags: Vec<_> = listed.iter().map(|found| found.tag_name.as_str()).collect();
        assert_eq!(tags, ["v3", "v2", "v1"]);
        for (is_draft, count) in [(Some(true), 1), (Some(false), 2), (None, 3)] {
            let filter = ReleaseFilter { is_draft, ..all };
            assert_eq!(release::count(&mut writer, llm, filter).await.expect("a count"), count);
        }
        let counted = repository_contents::count(&mut writer, llm, None).await.expect("counts");
        let facts = repository_facts::list(&mut writer, &[llm]).await.expect("facts");
        assert_eq!((counted.releases, facts[&llm].releases), (2, 2));
        let tags = ["v1".to_owned(), "v3".to_owned()];
        let found = release::list_of_tags(&mut writer, llm, &tags).await.expect("a list");
        assert_eq!(found.len(), 1, "a draft is nobody's release yet");
    }
}

#[tokio::test]
async fn files_and_pieces_of_files_keep_their_bytes_and_room() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let of = published(&mut writer, llm, &mei, "v1", 1).await;
        let new = |name: &str, letter: &str| NewAsset {
            release_id: of.id,
            uuid: format!("uuid-{name}"),
            name: name.into(),
            size_bytes: 5,
            sha256: letter.repeat(64),
            uploader_id: mei.id,
            created_at: test_start(),
        };
        let weights = release_asset::insert(&mut writer, &new("weights.bin", "a")).await.expect("stored");
        release_asset::note_download(&mut writer, weights.id).await.expect("counted");
        let listed = release_asset::list(&mut writer, &[of.id]).await.expect("a list");
        assert_eq!((listed.len(), listed[0].downloads, listed[0].uploader.is_some()), (1, 1, true));

        let begun = NewUpload {
            release_id: of.id,
            uuid: "upload".into(),
            uploader_id: mei.id,
            name: "big.bin".into(),
            size_bytes: 10,
            sha256: None,
            created_at: test_start(),
        };
        let upload = release_upload::insert(&mut writer, &begun).await.expect("stored");
        for (offset_bytes, letter) in [(0, "b"), (4, "c")] {
            let piece = Piece { offset_bytes, size_bytes: 4, sha256: letter.repeat(64) };
            release_upload::append(&mut writer, &upload, &piece, test_start()).await.expect("stored");
        }
        let found = release_upload::find(&mut writer, of.id, mei.id, "upload").await.expect("an answer");
        assert_eq!(found.map(|found| found.received_bytes), Some(8));
        let pieces = release_upload::pieces(&mut writer, &upload).await.expect("a list");
        assert_eq!(pieces.iter().map(|piece| piece.offset_bytes).collect::<Vec<_>>(), [0, 4]);
        assert_eq!(release_asset::total_bytes(&mut writer, llm).await.expect("a sum"), 15);

        let hashes: Vec<String> = ["a", "b", "c", "d"].map(|letter| letter.repeat(64)).to_vec();
        let mut named = blob::filter_referenced(&mut writer, &hashes).await.expect("rows");
        named.sort();
        assert_eq!(named, hashes[..3]);
        for hash in &hashes[..3] {
            assert_eq!(blob::find_holder(&mut writer, hash).await.expect("an answer"), Some(llm));
        }
        let idle = release_upload::delete_idle_since(&mut writer, test_start() + Duration::from_secs(1));
        assert_eq!(idle.await.expect("deleted"), 1);
        assert!(release::delete(&mut writer, &of).await.expect("deleted"));
        assert!(blob::filter_referenced(&mut writer, &hashes).await.expect("rows").is_empty());
    }
}

#[tokio::test]
async fn notes_know_what_was_merged_with_which_commits_and_who_was_new() {
    use hearth_core::MergedAs;
    use hearth_store::pull_request::{self, Merged};

    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        for (head, letter, seconds) in [("one", "c", 1), ("two", "d", 2)] {
            let pull = insert_pull_request(&mut writer, llm, &mei, head).await;
            let merged = Merged {
                commit_id: letter.repeat(40),
                method: MergedAs::Merge,
                by: None,
                base_id: letter.repeat(40),
                at: test_start() + Duration::from_secs(seconds),
            };
            assert!(pull_request::set_merged(&mut writer, &pull, &merged).await.expect("merged"));
        }
        let commits = ["d".repeat(40), "e".repeat(40)];
        let found = release_notes::list_merged(&mut writer, llm, &commits).await.expect("a list");
        assert_eq!(found.iter().map(|pull| pull.title.as_str()).collect::<Vec<_>>(), ["Merge two"]);
        let first = release_notes::list_first_merges(&mut writer, llm, &[mei.id]).await.expect("a list");
        assert_eq!(first, [(mei.id, test_start() + Duration::from_secs(1))]);
    }
}
