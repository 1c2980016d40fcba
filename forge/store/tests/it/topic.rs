use hearth_core::PageRequest;
use hearth_store::{
    repository::{self, Filter, Viewer},
    testing::TestStore,
    topic,
};

use crate::support::{insert_repository, insert_user};

#[tokio::test]
async fn a_repository_is_found_by_a_topic_and_not_by_a_part_of_one() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let words = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        topic::set(&mut writer, llm, &words(&["vision", "speech"])).await.expect("topics");
        topic::set(&mut writer, other, &words(&["vision"])).await.expect("topics");
        topic::set(&mut writer, other, &words(&["text"])).await.expect("other topics");
        assert_eq!(topic::list(&mut writer, llm).await.expect("topics"), words(&["speech", "vision"]));
        for (word, found) in [("Vision", 1), ("text", 1), ("visio", 0)] {
            let filter = |text: Option<&str>, topic: Option<&str>| Filter {
                viewer: Viewer::Administrator,
                text: text.map(str::to_owned),
                topic: topic.map(str::to_owned),
                ..Filter::default()
            };
            for filter in [filter(Some(word), None), filter(None, Some(word))] {
                assert_eq!(repository::count(&mut writer, &filter).await.expect("a count"), found, "{word}");
            }
        }
    }
}

#[tokio::test]
async fn topics_are_searched_by_a_part_and_counted_for_those_who_see_the_repositories() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let words = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        for (name, topics) in [("a", &["vision", "speech"][..]), ("b", &["vision", "television", "100%"][..])]
        {
            let id = insert_repository(&mut writer, &mei, name).await;
            topic::set(&mut writer, id, &words(topics)).await.expect("topics");
        }
        let viewer = Viewer::Administrator;
        for (text, expected) in [
            ("VISION", vec![("vision", 2), ("television", 1)]),
            ("%", vec![("100%", 1)]),
            ("nothing", Vec::new()),
        ] {
            let found = topic::search(&mut writer, viewer, text, PageRequest::new(1, 10)).await;
            let found = found.expect("topics");
            let found: Vec<_> =
                found.iter().map(|found| (found.topic.as_str(), found.repositories)).collect();
            assert_eq!(found, expected, "{text}");
            let count = topic::count(&mut writer, viewer, text).await.expect("a count");
            assert_eq!(count, expected.len() as u64, "{text}");
        }
        let second = topic::search(&mut writer, viewer, "", PageRequest::new(2, 1)).await.expect("topics");
        assert_eq!((second.len(), second[0].repositories), (1, 1));
    }
}
