use hearth_git::{Change, Content, EntryKind, Error, Invalid, NewCommit, ObjectId, RefUpdate};

use crate::support::{Fixture, branch, mei, path};

fn put(at: &str, text: &str) -> Change {
    Change::Put { path: path(at), kind: EntryKind::File, content: Content::Bytes(text.into()) }
}

fn commit(was: Option<ObjectId>, changes: Vec<Change>) -> NewCommit {
    NewCommit {
        branch: branch("main"),
        branch_was: was,
        parent: was,
        author: mei(),
        committer: mei(),
        message: "A change".to_owned(),
        changes,
        is_empty_allowed: false,
    }
}

#[tokio::test]
async fn files_are_put_moved_and_deleted_without_a_working_tree() {
    let fixture = Fixture::new().await;
    let repository = &fixture.repository;
    let first = repository
        .commit_files(commit(
            None,
            vec![put("README.md", "hi\n"), put("src/a.rs", "a"), put("src/b/c.rs", "c")],
        ))
        .await
        .unwrap();
    assert_eq!((first.old, first.name.as_str()), (None, "refs/heads/main"));
    let changes = vec![
        Change::Move { from: path("src/b"), to: path("lib") },
        Change::Delete { path: path("src/a.rs") },
        put("README.md", "hello\n"),
    ];
    let second = repository.commit_files(commit(first.new, changes)).await.unwrap();
    let files = repository.run(move |git| git.whole(git.files(second.new.unwrap(), 100)?)).await.unwrap();
    assert_eq!(files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["README.md", "lib/c.rs"]);
    assert_eq!(repository.fsck().await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn stale_commit_is_refused_and_changes_nothing() {
    let fixture = Fixture::new().await;
    let repository = &fixture.repository;
    let first = repository.commit_files(commit(None, vec![put("a", "1")])).await.unwrap().new;
    repository.commit_files(commit(first, vec![put("a", "2")])).await.unwrap();
    let error = repository.commit_files(commit(first, vec![put("a", "3")])).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    let error = repository.commit_files(commit(None, vec![put("a", "3")])).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { expected: None, .. }), "{error:?}");
}

/// The server's own commits are no way around what git refuses in a push.
#[tokio::test]
async fn dangerous_submodules_are_not_written_whichever_way_they_come() {
    let fixture = Fixture::new().await;
    let repository = &fixture.repository;
    let dangerous = "[submodule \"../../x\"]\n\tpath = x\n";
    let first = repository.commit_files(commit(None, vec![put("notes", dangerous)])).await.unwrap().new;
    let id =
        repository.run(move |git| git.find_entry(first.unwrap(), &path("notes"))).await.unwrap().unwrap().id;
    let existing = |kind| Change::Put { path: path(".gitmodules"), kind, content: Content::Blob(id) };
    for change in [
        put(".gitmodules", dangerous),
        existing(EntryKind::File),
        existing(EntryKind::Symlink),
        Change::Move { from: path("notes"), to: path("docs/.gitmodules") },
    ] {
        let error = repository.commit_files(commit(first, vec![change])).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(Invalid::Submodules)), "{error:?}");
    }
    let harmless = "[submodule \"a\"]\n\tpath = a\n\turl = ../a.git\n";
    repository.commit_files(commit(first, vec![put(".gitmodules", harmless)])).await.unwrap();
}

#[tokio::test]
async fn of_many_commits_at_once_exactly_one_wins() {
    let fixture = Fixture::new().await;
    let first = fixture.repository.commit_files(commit(None, vec![put("a", "0")])).await.unwrap().new;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let repository = fixture.repository.clone();
            tokio::spawn(async move {
                repository.commit_files(commit(first, vec![put("a", &format!("{number} wins"))])).await
            })
        })
        .collect();
    let mut winners = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => winners += 1,
            Err(Error::Conflict { .. }) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn senseless_changes_have_typed_errors() {
    let fixture = Fixture::new().await;
    let repository = &fixture.repository;
    let first =
        repository.commit_files(commit(None, vec![put("a", "1"), put("d/x", "1")])).await.unwrap().new;
    let attempt = async |change| repository.commit_files(commit(first, vec![change])).await.unwrap_err();
    assert!(matches!(attempt(put("a", "1")).await, Error::NothingToCommit));
    assert!(matches!(attempt(put("a/b", "1")).await, Error::WrongKind(_)));
    assert!(matches!(attempt(put("d", "1")).await, Error::WrongKind(_)));
    assert!(matches!(attempt(Change::Delete { path: path("none") }).await, Error::PathNotFound));
    let onto = Change::Move { from: path("a"), to: path("d/x") };
    assert!(matches!(attempt(onto).await, Error::PathTaken(_)));
}

#[tokio::test]
async fn branches_and_tags_are_made_renamed_and_deleted() {
    let fixture = Fixture::new().await;
    let repository = &fixture.repository;
    let first = repository.commit_files(commit(None, vec![put("a", "1")])).await.unwrap().new;
    let update = |name: &str, old, new| RefUpdate { name: branch(name).full(), old, new };
    repository.update_references(&[update("topic", None, first)]).await.unwrap();
    let error = repository.update_references(&[update("topic", None, first)]).await.unwrap_err();
    assert!(matches!(error, Error::NameTaken(_)), "{error:?}");
    let error = repository.update_references(&[update("topic/a", None, first)]).await.unwrap_err();
    assert!(matches!(error, Error::NameTaken(_)), "{error:?}");
    let error =
        repository.update_references(&[update("topic", Some(ObjectId::EMPTY_TREE), None)]).await.unwrap_err();
    assert!(matches!(error, Error::Conflict { .. }), "{error:?}");
    repository.rename_branch(&branch("main"), &branch("trunk")).await.unwrap();
    let (default, names) = repository
        .run(|git| {
            Ok((git.default_branch()?, git.branches()?.value.into_iter().map(|b| b.name).collect::<Vec<_>>()))
        })
        .await
        .unwrap();
    assert_eq!((default, names), (branch("trunk"), vec![branch("topic"), branch("trunk")]));
    repository.update_references(&[update("topic", first, None)]).await.unwrap();
}
