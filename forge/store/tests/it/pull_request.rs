use std::time::Duration;

use hearth_core::{
    AutoMerge, MergeCheck, MergeMethod, MergeSettings, MergedAs, PullRequestState, RepositoryId,
};
use hearth_store::{
    Ask as _, Error, Json, Store, merge_settings,
    pull_request::{self, Check, Merged},
    pull_request_list::{self, Branch},
    pull_request_version::{self, Facts, NewVersion},
    repository,
    testing::TestStore,
    thread,
};
use serde_json::json;

use crate::support::{
    insert_issue, insert_pull_request, insert_repository, insert_user, new_pull_request, test_start,
};

async fn counts(store: &Store, id: RepositoryId) -> (i64, i64, i64) {
    let mut reader = store.read().await.expect("a reader");
    let found = repository::find(&mut reader, id).await.expect("an answer").expect("it is there");
    (found.open_pulls, found.closed_pulls, found.merged_pulls)
}

#[tokio::test]
async fn pull_requests_and_issues_are_numbered_together_and_counted_apart() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "Crash").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        assert_eq!((issue.number.0, pull.number.0), (1, 2));
        assert_eq!((pull.author.as_str(), pull.newest_version, pull.version), ("mei", 1, 1));
        assert_eq!((pull.merge_check, pull.is_from_fork()), (MergeCheck::Checking, false));
        let found = pull_request::find(&mut writer, llm, issue.number).await.expect("an answer");
        assert_eq!(found, None, "an issue is no pull request");
        let headlines = thread::find_headlines(&mut writer, llm, &[1, 2, 3]).await.expect("headlines");
        let states: Vec<_> = headlines.iter().map(|one| (one.number.0, one.kind, one.is_open())).collect();
        assert_eq!(states, [(1, issue.kind, true), (2, pull.kind, true)]);
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, llm).await, (1, 0, 0));
    }
}

#[tokio::test]
async fn a_branch_is_asked_to_be_merged_into_another_once_at_a_time() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let first = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let again = pull_request::insert(&mut writer, &new_pull_request(llm, &mei, "fix")).await;
        assert!(matches!(again, Err(Error::Taken)), "{again:?}");
        drop(writer);

        let mut writer = store.write().await.expect("a transaction");
        assert!(pull_request::set_closed(&mut writer, &first, test_start()).await.expect("an answer"));
        assert!(!pull_request::set_closed(&mut writer, &first, test_start()).await.expect("an answer"));
        let second = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        assert_eq!(second.number.0, 2, "what was refused took no number");
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, llm).await, (1, 1, 0));

        let mut writer = store.write().await.expect("a transaction");
        let reopened = pull_request::set_reopened(&mut writer, &first, test_start()).await;
        assert!(matches!(reopened, Err(Error::Taken)), "{reopened:?}");
        drop(writer);
        let mut writer = store.write().await.expect("a transaction");
        assert!(pull_request::set_closed(&mut writer, &second, test_start()).await.expect("an answer"));
        assert!(pull_request::set_reopened(&mut writer, &first, test_start()).await.expect("an answer"));
        let (base, head) =
            (Branch { repository: llm, name: "main" }, Branch { repository: llm, name: "fix" });
        let found = pull_request_list::find_open(&mut writer, base, head).await.expect("an answer");
        assert_eq!(found.map(|found| found.id), Some(first.id));
    }
}

#[tokio::test]
async fn a_merge_is_announced_before_it_happens_and_ends_in_one_state() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let commit = "d".repeat(40);
        let method = MergedAs::Squash;
        let is_set =
            pull_request::set_merge_intent(&mut writer, pull.id, &commit, method, Some(mei.id)).await;
        assert!(is_set.expect("an answer"));
        let half = pull_request::list_half_merged(&mut writer, 9).await.expect("a list");
        assert_eq!(half.iter().map(|half| half.id).collect::<Vec<_>>(), [pull.id]);
        assert_eq!((half[0].is_open(), half[0].merge_method), (true, Some(method)));
        let merged = Merged {
            commit_id: commit.clone(),
            method,
            by: Some(mei.id),
            base_id: commit.clone(),
            at: test_start() + Duration::from_secs(5),
        };
        assert!(pull_request::set_merged(&mut writer, &pull, &merged).await.expect("an answer"));
        assert!(!pull_request::set_merged(&mut writer, &pull, &merged).await.expect("an answer"));
        assert!(!pull_request::set_closed(&mut writer, &pull, test_start()).await.expect("an answer"));
        assert!(!pull_request::set_reopened(&mut writer, &pull, test_start()).await.expect("an answer"));
        assert!(!pull_request::clear_merge_intent(&mut writer, pull.id).await.expect("an answer"));
        let found = pull_request::find_by_id(&mut writer, pull.id).await.expect("an answer").expect("there");
        assert_eq!((found.state, found.merge_commit_id), (PullRequestState::Merged, Some(commit.clone())));
        assert_eq!(found.merged_by_name, Some(mei.name.clone()));
        assert_eq!(pull_request::list_half_merged(&mut writer, 9).await.expect("a list"), []);
        let by =
            pull_request_list::list_by_merge_commits(&mut writer, llm, std::slice::from_ref(&commit)).await;
        assert_eq!(by.expect("a list"), [(commit, pull.number)]);
        writer.commit().await.expect("kept");
        assert_eq!(counts(store, llm).await, (0, 0, 1));
    }
}

#[tokio::test]
async fn a_check_of_an_older_head_or_of_another_base_is_not_kept() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let check = Check {
            head_id: pull.head_id.clone(),
            base_branch: "main".into(),
            base_id: "e".repeat(40),
            merge_base_id: Some("b".repeat(40)),
            result: MergeCheck::Conflicting,
            conflicts: Some(Json(json!([{ "path": "a.py" }]))),
        };
        let other = Check { base_branch: "next".into(), ..check.clone() };
        assert!(!pull_request::set_check(&mut writer, pull.id, &other).await.expect("an answer"));
        assert!(pull_request::set_check(&mut writer, pull.id, &check).await.expect("an answer"));
        let conflicts = pull_request::find_conflicts(&mut writer, pull.id).await.expect("an answer");
        let conflicts: serde_json::Value = conflicts.expect("they were kept").read().expect("JSON");
        assert_eq!(conflicts[0]["path"], "a.py");
        let new = NewVersion {
            thread_id: pull.id,
            head_id: "c".repeat(40),
            base_id: "e".repeat(40),
            pusher_id: Some(mei.id),
            is_forced: true,
            created_at: test_start(),
        };
        assert_eq!(pull_request_version::insert(&mut writer, &new).await.expect("a version"), 2);
        assert!(!pull_request::set_check(&mut writer, pull.id, &check).await.expect("an answer"));
        let found = pull_request::lock(&mut writer, pull.id).await.expect("an answer").expect("there");
        assert_eq!((found.head_id, found.newest_version), ("c".repeat(40), 2));
        assert_eq!(found.merge_check, MergeCheck::Checking);
        assert!(pull_request::set_base(&mut writer, pull.id, "next", "f", test_start()).await.expect("kept"));
        let found = pull_request::find_by_id(&mut writer, pull.id).await.expect("an answer").expect("there");
        assert_eq!((found.base_branch.as_str(), found.merge_base_id), ("next", None));
        assert_eq!(pull_request::find_conflicts(&mut writer, pull.id).await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn every_version_stays_with_what_was_found_out_about_it() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        for letter in ["c", "d"] {
            let new = NewVersion {
                thread_id: pull,
                head_id: letter.repeat(40),
                base_id: "b".repeat(40),
                pusher_id: None,
                is_forced: false,
                created_at: test_start(),
            };
            pull_request_version::insert(&mut writer, &new).await.expect("a version");
        }
        let facts = Facts {
            merge_base_id: Some("b".repeat(40)),
            patch_id: Some("p".into()),
            commits: 3,
            is_forced: true,
        };
        assert!(pull_request_version::complete(&mut writer, pull, 2, &facts).await.expect("an answer"));
        assert!(!pull_request_version::complete(&mut writer, pull, 9, &facts).await.expect("an answer"));
        let all = pull_request_version::list(&mut writer, pull, 9).await.expect("a list");
        assert_eq!(all.iter().map(|version| version.number).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(all[0].pusher, Some(mei.name.clone()));
        assert_eq!((all[1].commits, all[1].is_forced, all[1].pusher_id), (3, true, None));
        let newest = pull_request_version::list(&mut writer, pull, 2).await.expect("a list");
        assert_eq!(newest, all[1..]);
        let newest = pull_request_version::find_newest(&mut writer, pull).await.expect("an answer");
        assert_eq!(newest.as_ref(), all.last());
    }
}

#[tokio::test]
async fn a_merge_that_waits_is_called_off_when_the_pull_request_is_closed() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let merge = AutoMerge {
            method: MergeMethod::Squash,
            title: "Fix".into(),
            message: String::new(),
            deletes_branch: true,
        };
        let waits = pull_request::set_auto_merge(&mut writer, pull.id, Some((&merge, mei.id))).await;
        assert!(waits.expect("an answer"));
        let found = pull_request::find_by_id(&mut writer, pull.id).await.expect("an answer").expect("there");
        assert_eq!((found.auto_merge, found.auto_merge_by), (Some(Json(merge.clone())), Some(mei.id)));
        pull_request::set_closed(&mut writer, &pull, test_start()).await.expect("closed");
        let found = pull_request::find_by_id(&mut writer, pull.id).await.expect("an answer").expect("there");
        assert_eq!((found.auto_merge, found.auto_merge_by), (None, None));
        let waits = pull_request::set_auto_merge(&mut writer, pull.id, Some((&merge, mei.id))).await;
        assert!(!waits.expect("an answer"));
    }
}

#[tokio::test]
async fn a_repository_that_is_deleted_takes_its_pull_requests_along_and_leaves_those_of_its_branches() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let fork = insert_repository(&mut writer, &bo, "llm").await;
        let mut new = new_pull_request(llm, &bo, "fix");
        new.head_repository_id = fork;
        let pull = pull_request::insert(&mut writer, &new).await.expect("a pull request");
        assert!(pull.is_from_fork());
        repository::delete(&mut writer, fork).await.expect("gone");
        let found = pull_request::find_by_id(&mut writer, pull.id).await.expect("an answer").expect("there");
        assert_eq!((found.head_repository_id, found.head_branch.as_str()), (None, "fix"));
        assert!(found.is_from_fork());
        repository::delete(&mut writer, llm).await.expect("gone");
        assert_eq!(pull_request::find_by_id(&mut writer, pull.id).await.expect("an answer"), None);
        let left = writer.query("SELECT COUNT(*) FROM pull_request_versions").fetch_count().await;
        assert_eq!(left.expect("a count"), 0);
    }
}

#[tokio::test]
async fn a_repository_merges_in_every_way_until_something_else_is_set() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let found = merge_settings::find(&mut writer, llm).await.expect("an answer");
        assert_eq!(found, MergeSettings::default());
        let settings = MergeSettings {
            methods: vec![MergeMethod::Squash],
            default: MergeMethod::Squash,
            deletes_branch: true,
            ..MergeSettings::default()
        };
        merge_settings::put(&mut writer, llm, &settings).await.expect("kept");
        assert_eq!(merge_settings::find(&mut writer, llm).await.expect("an answer"), settings);
    }
}

#[tokio::test]
async fn who_pushed_what_a_pull_request_consists_of_contributed_to_it() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mut people = Vec::new();
        for name in ["mei", "ana", "bo"] {
            people.push(insert_user(&mut writer, name).await);
        }
        let llm = insert_repository(&mut writer, &people[0], "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &people[0], "fix").await;
        // Who pushed, which commit, and what difference it makes; the first version is the author's.
        let pushes = [
            ("", 0, "d1"),
            ("ana", 1, "d2"),
            ("bo", 2, "d2"),
            ("bo", 2, "d3"),
            ("mei", 3, "d1"),
            ("bo", 4, "d4"),
        ];
        let contributors = [
            vec!["mei"],
            vec!["ana", "mei"],
            // On another base, or into another base: the same commits of the same people.
            vec!["ana", "mei"],
            vec!["ana", "mei"],
            // It is the difference of the first version again.
            vec!["mei"],
            vec!["ana", "bo", "mei"],
        ];
        for (place, ((name, head, difference), expected)) in pushes.into_iter().zip(contributors).enumerate()
        {
            let number = i64::try_from(place).expect("few") + 1;
            if let Some(pusher) = people.iter().find(|person| person.name.as_str() == name) {
                let version = NewVersion {
                    thread_id: pull.id,
                    head_id: head.to_string().repeat(40),
                    base_id: "e".repeat(40),
                    pusher_id: Some(pusher.id),
                    is_forced: false,
                    created_at: test_start(),
                };
                assert_eq!(pull_request_version::insert(&mut writer, &version).await.expect("kept"), number);
            }
            let facts = Facts {
                merge_base_id: Some("e".repeat(40)),
                patch_id: Some(difference.to_owned()),
                commits: 1,
                is_forced: false,
            };
            let known = pull_request_version::complete(&mut writer, pull.id, number, &facts).await;
            assert!(known.expect("an answer"));
            let found = pull_request_version::list_contributors(&mut writer, pull.id, number).await;
            let found = found.expect("a list");
            let mut names: Vec<_> = people
                .iter()
                .filter(|person| found.contains(&person.id))
                .map(|person| person.name.as_str())
                .collect();
            names.sort_unstable();
            assert_eq!(names, expected, "version {number}");
        }
    }
}
