use hearth_git::{EntryKind, Error, OpenRepository, RevisionKind, StorageId, TagName};
use tokio::io::AsyncReadExt;

use crate::support::{Fixture, branch, path};

#[tokio::test]
async fn new_repository_is_empty_and_names_its_default_branch() {
    let fixture = Fixture::new().await;
    let (head, default, is_empty, branches) = fixture
        .repository
        .run(|git| Ok((git.head()?, git.default_branch()?, git.is_empty()?, git.branches()?.value)))
        .await
        .unwrap();
    assert_eq!((head, default, is_empty, branches.len()), (None, branch("main"), true, 0));
}

#[tokio::test]
async fn repository_is_created_once_and_can_be_removed() {
    let fixture = Fixture::new().await;
    let id = StorageId::from(1);
    assert!(matches!(fixture.store.create(&id, &branch("main")).await, Err(Error::RepositoryExists)));
    assert!(fixture.store.git_version().await.unwrap().starts_with("2."));
    assert_eq!(fixture.store.list().await.unwrap(), vec![id.clone()]);
    fixture.store.remove(&id).await.unwrap();
    fixture.store.remove(&id).await.unwrap();
    assert!(matches!(fixture.store.open(&id).await, Err(Error::RepositoryNotFound)));
    fixture.store.create(&id, &branch("trunk")).await.unwrap();
}

#[tokio::test]
async fn tree_lists_folders_first_with_kinds_and_sizes() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("readme.md", "hello\n");
    copy.write("src/main.rs", "fn main() {}\n");
    copy.write("run.sh", "#!/bin/sh\n");
    copy.git(&["add", "--all"]);
    copy.git(&["update-index", "--chmod=+x", "run.sh"]);
    std::os::unix::fs::symlink("readme.md", copy.path.join("link")).unwrap();
    copy.git(&["add", "link"]);
    copy.git(&["commit", "-q", "-m", "first"]);
    copy.push();
    let (root, files, missing, not_folder) = fixture
        .repository
        .run(|git| {
            let head = git.head()?.unwrap();
            let mut root = git.tree(head, &path(""), 100)?.entries;
            git.fill_sizes(&mut root)?;
            let files = git.whole(git.files(head, 100)?)?;
            Ok((root, files, git.entry(head, &path("a/b")), git.tree(head, &path("run.sh"), 100)))
        })
        .await
        .unwrap();
    let lines: Vec<_> = root.iter().map(|entry| (entry.name.as_str(), entry.kind, entry.size)).collect();
    assert_eq!(
        lines,
        [
            ("src", EntryKind::Directory, None),
            ("link", EntryKind::Symlink, Some(9)),
            ("readme.md", EntryKind::File, Some(6)),
            ("run.sh", EntryKind::Executable, Some(10)),
        ]
    );
    assert_eq!(
        files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
        ["link", "readme.md", "run.sh", "src/main.rs"]
    );
    assert!(matches!(missing, Err(Error::PathNotFound)));
    assert!(matches!(not_folder, Err(Error::WrongKind(_))));
}

#[tokio::test]
async fn revisions_resolve_to_branches_tags_and_short_ids() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    let first = copy.commit("first\n\nwith a body");
    copy.git(&["tag", "-a", "v1.0", "-m", "the first"]);
    copy.git(&["tag", "v1.0-rc1"]);
    copy.git(&["tag", "v0.9"]);
    copy.git(&["branch", "feature/login"]);
    copy.push();
    fixture
        .repository
        .run(move |git| {
            assert_eq!(git.resolve("main")?.kind, RevisionKind::Branch(branch("main")));
            assert_eq!(git.resolve("v1.0")?.commit, first);
            assert_eq!(git.resolve(&first.short())?.commit, first);
            assert_eq!(git.resolve(&first.to_string())?.kind, RevisionKind::Commit);
            for unknown in ["nothing", "HEAD", "main^", "-x", "", "0000000", "main:a"] {
                assert!(matches!(git.resolve(unknown), Err(Error::RevisionNotFound)), "{unknown}");
            }
            let (name, commit, rest) = git.split_branch("feature/login/src/main.rs")?;
            assert_eq!((name, commit, rest), (branch("feature/login"), first, path("src/main.rs")));
            let tags: Vec<_> = git.tags()?.into_iter().map(|tag| tag.name.to_string()).collect();
            assert_eq!(tags, ["v1.0", "v1.0-rc1", "v0.9"]);
            let tag = git.tag(&TagName::new("v1.0").unwrap())?.unwrap();
            assert_eq!((tag.target, tag.message.as_deref()), (first, Some("the first")));
            let commit = git.commit(first)?;
            assert_eq!((commit.title.as_str(), commit.body.as_str()), ("first", "with a body"));
            assert_eq!((commit.author.name.as_str(), commit.author.offset_minutes), ("Mei", 120));
            Ok(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn large_blob_is_not_read_into_memory_but_streamed() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let content: Vec<u8> =
        (0..6_000_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    copy.write("large.bin", &content);
    copy.commit("large");
    copy.push();
    let (id, capped) = fixture
        .repository
        .run(|git| {
            let id = git.entry(git.head()?.unwrap(), &path("large.bin"))?.id;
            Ok((id, git.blob(id, 1000)?))
        })
        .await
        .unwrap();
    assert_eq!((capped.size, capped.data), (6_000_000, None));
    let mut stream = fixture.repository.blob_stream(id).await.unwrap();
    let mut read = Vec::new();
    stream.read_to_end(&mut read).await.unwrap();
    assert!(read == content);
}

#[tokio::test]
async fn damaged_repository_gives_a_typed_error() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "1");
    copy.commit("first");
    copy.push();
    let repository = &fixture.repository;
    let tree = repository.run(|git| git.tree_id(git.head()?.unwrap(), &path(""))).await.unwrap().to_string();
    std::fs::remove_file(repository.path().join("objects").join(&tree[..2]).join(&tree[2..])).unwrap();
    let store = hearth_git::RepositoryStore::at(fixture.folder.path().join("repositories")).unwrap();
    let repository = store.open(&StorageId::from(1)).await.unwrap();
    let error = repository.run(|git| git.tree(git.head()?.unwrap(), &path(""), 1)).await.unwrap_err();
    assert!(error.is_damaged(), "{error:?}");
    assert!(!repository.fsck().await.unwrap().is_empty());

    std::fs::write(repository.path().join("refs/heads/main"), "").unwrap();
    let error = repository.run(OpenRepository::head).await.unwrap_err();
    assert!(error.is_damaged(), "{error:?}");
    std::fs::remove_file(repository.path().join("HEAD")).unwrap();
    assert!(repository.run(OpenRepository::head).await.is_err());
}

#[tokio::test]
async fn a_folder_is_read_in_parts_and_by_a_part_of_the_names() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for name in ["b.txt", "a.txt", "Data/x", "model-1.bin", "Model-2.bin", "z/y"] {
        copy.write(name, "1");
    }
    copy.commit("files");
    copy.push();
    let head = copy.head();
    let listed = fixture.repository.run(move |git| {
        let tree = git.tree_id(head, &path(""))?;
        let names = |filter: &str, skip, most| {
            let part = hearth_git::TreePart { filter: filter.to_owned(), skip, most };
            let found = git.tree_part(tree, &part)?;
            let names: Vec<String> = found.entries.into_iter().map(|entry| entry.name).collect();
            Ok::<_, Error>((names.join(" "), found.matching, found.total))
        };
        Ok([
            names("", 0, 3)?,
            names("", 3, 9)?,
            names("MODEL", 0, 9)?,
            names("model", 1, 9)?,
            names("q", 0, 9)?,
        ])
    });
    let listed = listed.await.unwrap();
    let listed: Vec<_> =
        listed.iter().map(|(names, matching, total)| (names.as_str(), *matching, *total)).collect();
    assert_eq!(
        listed,
        [
            ("Data z Model-2.bin", 6, 6),
            ("a.txt b.txt model-1.bin", 6, 6),
            ("Model-2.bin model-1.bin", 2, 6),
            ("model-1.bin", 2, 6),
            ("", 0, 6)
        ]
    );
}
