use std::time::Duration;

use hearth_core::{CommentId, IssueEventKind};
use hearth_store::{comment, issue_event, testing::TestStore, timeline, timeline::Entry};
use serde_json::json;

use crate::support::{insert_issue, insert_repository, insert_user, noon};

#[tokio::test]
async fn comments_and_events_are_one_order_that_is_read_in_parts() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let other = insert_issue(&mut writer, llm, &mei, "b").await;
        let mut comments = Vec::new();
        for second in 0..4 {
            let at = noon() + Duration::from_secs(second);
            let said = comment::insert(&mut writer, issue.id, mei.id, "x", at).await.expect("a comment");
            comments.push(said.id);
            let kind = IssueEventKind::Closed;
            issue_event::insert(&mut writer, issue.id, mei.id, kind, json!({}), at).await.expect("an event");
        }
        comment::insert(&mut writer, other.id, mei.id, "y", noon()).await.expect("a comment");
        assert_eq!(timeline::count(&mut writer, issue.id).await.expect("a count"), 8);
        let all = timeline::list(&mut writer, issue.id, 0, 100).await.expect("entries");
        assert_eq!(all.iter().map(|entry| entry.is_event).collect::<Vec<_>>(), [false, true].repeat(4));
        let part = timeline::list(&mut writer, issue.id, 3, 2).await.expect("entries");
        assert_eq!(part, all[3..5]);
        for (place, id) in comments.iter().enumerate() {
            assert_eq!(all[place * 2], Entry { is_event: false, id: id.0 });
            let found = timeline::place_of_comment(&mut writer, issue.id, *id).await.expect("an answer");
            assert_eq!(found, Some(place as u64 * 2));
            let elsewhere = timeline::place_of_comment(&mut writer, other.id, *id).await.expect("an answer");
            assert_eq!(elsewhere, None);
        }
        let unknown = timeline::place_of_comment(&mut writer, issue.id, CommentId(404)).await;
        assert_eq!(unknown.expect("an answer"), None);
    }
}
