use hearth_store::{
    blob::{self, BlobFault, BlobFaultKind, ReferencedBlob},
    lfs_object::{self, LfsObject},
    task,
    task_output::{self, TaskOutput},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, new_task, test_start};

fn hash(letter: char) -> String {
    letter.to_string().repeat(64)
}

#[tokio::test]
async fn bytes_are_named_by_repositories_and_by_outputs_of_tasks() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let repository = insert_repository(&mut writer, &mei, "llm").await;
        let task = task::insert(&mut writer, &new_task(repository, mei.id, "train")).await.expect("a task");
        for (letter, size_bytes) in [('b', 2), ('c', 3)] {
            let object = LfsObject {
                repository_id: repository,
                oid: hash(letter),
                size_bytes,
                created_at: test_start(),
            };
            lfs_object::insert(&mut writer, &object, test_start()).await.expect("stored");
        }
        for (letter, size_bytes) in [('a', 1), ('c', 3)] {
            let output = TaskOutput {
                task_id: task,
                attempt_number: 1,
                path: format!("{letter}.bin").parse().expect("a plain path"),
                size_bytes,
                sha256: hash(letter),
                created_at: test_start(),
            };
            task_output::insert(&mut writer, &output).await.expect("stored");
        }

        let asked: Vec<String> = ('a'..='e').map(hash).collect();
        let mut named = blob::filter_referenced(&mut writer, &asked).await.expect("rows");
        named.sort();
        named.dedup();
        assert_eq!(named, [hash('a'), hash('b'), hash('c')]);
        let listed = blob::list_referenced_after(&mut writer, "", 2).await.expect("rows");
        assert_eq!(
            listed,
            [('a', 1), ('b', 2)]
                .map(|(letter, size_bytes)| ReferencedBlob { sha256: hash(letter), size_bytes })
        );
        let listed = blob::list_referenced_after(&mut writer, &hash('b'), 2).await.expect("rows");
        assert_eq!(listed, [ReferencedBlob { sha256: hash('c'), size_bytes: 3 }]);
        let made = task_output::find_by_hash(&mut writer, &hash('a')).await.expect("an answer");
        assert_eq!(made.map(|output| output.path.to_string()), Some("a.bin".to_owned()));
        for letter in ['a', 'b', 'c'] {
            let holder = blob::find_holder(&mut writer, &hash(letter)).await.expect("an answer");
            assert_eq!(holder, Some(repository));
        }
        assert_eq!(blob::find_holder(&mut writer, &hash('d')).await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn what_is_wrong_with_bytes_is_known_until_they_come_again() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mut fault = BlobFault {
            sha256: hash('a'),
            size_bytes: 7,
            kind: BlobFaultKind::Changed,
            found_at: test_start(),
        };
        assert!(blob::record_fault(&mut writer, &fault).await.expect("kept"));
        assert!(!blob::record_fault(&mut writer, &fault).await.expect("known"));
        fault.kind = BlobFaultKind::Missing;
        assert!(blob::record_fault(&mut writer, &fault).await.expect("kept"));
        assert_eq!(blob::find_fault(&mut writer, &fault.sha256).await.expect("found"), Some(fault.clone()));
        assert_eq!(blob::list_faults(&mut writer, 5).await.expect("rows"), [fault.clone()]);
        assert_eq!(blob::count_faults(&mut writer).await.expect("a count"), 1);
        assert!(blob::clear_fault(&mut writer, &fault.sha256).await.expect("gone"));
        assert!(!blob::clear_fault(&mut writer, &fault.sha256).await.expect("gone"));
        assert_eq!(blob::count_faults(&mut writer).await.expect("a count"), 0);
    }
}
