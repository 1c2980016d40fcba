use std::{io::Read as _, process::Command};

use hearth_app::{
    code::{self, ArchiveFormat},
    testing::TestHearth,
};
use hearth_core::Timestamp;
use hearth_git::{
    BranchName, Change, Content, EntryKind, NewCommit, Repository, Signature, StorageId, TreePath,
};
use tokio::io::AsyncReadExt as _;

/// Has Python's own reader verify every checksum.
const CHECK: &str = "\
import sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for entry in archive.infolist():
    print(entry.filename, oct(entry.external_attr >> 16), archive.read(entry)[:20])
";

async fn commit(git: &Repository) -> hearth_git::ObjectId {
    let put = |path: &str, kind, bytes: &[u8]| Change::Put {
        path: TreePath::file(path).expect("a good path"),
        kind,
        content: Content::Bytes(bytes.to_vec()),
    };
    let author = Signature::new("Mei", "mei@example.org", Timestamp::from_second(1_789_990_000).as_jiff());
    let author = author.expect("a good signature");
    // Larger than what is held in memory at once, and incompressible.
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    });
    let noise: Vec<u8> = noise.take(5_000_000).collect();
    let update = git
        .commit_files(NewCommit {
            branch: BranchName::new("main").expect("a good name"),
            branch_was: None,
            parent: None,
            committer: author.clone(),
            author,
            message: "Begin".into(),
            changes: vec![
                put(".gitattributes", EntryKind::File, b"* export-subst\nsecret export-ignore\n"),
                put("version", EntryKind::File, b"$Format:%H$\n"),
                put("secret", EntryKind::File, b"1\n"),
                put("run.sh", EntryKind::Executable, b"#!/bin/sh\n"),
                put("src/link", EntryKind::Symlink, b"../version"),
                put("src/noise.bin", EntryKind::File, &noise),
            ],
            is_empty_allowed: false,
        })
        .await
        .expect("committed");
    update.new.expect("a commit")
}

async fn archived(hearth: &TestHearth, format: ArchiveFormat) -> Vec<u8> {
    let row = hearth.repository(&format!("mei/{}", &format.suffix()[1..].replace('.', "-"))).await;
    let git = hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let commit = commit(&git).await;
    let prefix = TreePath::new("llm").expect("a path");
    let mut bytes = Vec::new();
    let mut stream = code::archive(&hearth.app, &git, commit, format, prefix).await.expect("an archive");
    stream.read_to_end(&mut bytes).await.expect("the whole archive");
    bytes
}

#[tokio::test]
async fn an_archive_holds_what_the_commit_holds_whatever_its_attributes_say() {
    assert_eq!(ArchiveFormat::split("v1.0.tar.gz"), Some(("v1.0", ArchiveFormat::TarGz)));
    assert_eq!(ArchiveFormat::split(".zip"), None);
    let hearth = TestHearth::new().await;
    let tar = archived(&hearth, ArchiveFormat::Tar).await;
    let mut names = Vec::new();
    for entry in tar::Archive::new(&tar[..]).entries().expect("a tar") {
        let mut entry = entry.expect("an entry");
        let path = entry.path().expect("a path").display().to_string();
        if path == "llm/version" {
            let mut text = String::new();
            entry.read_to_string(&mut text).expect("text");
            assert_eq!(text, "$Format:%H$\n");
        }
        names.push((path, entry.header().mode().expect("a mode"), entry.size()));
    }
    names.retain(|(name, ..)| name.starts_with("llm"));
    let shown: Vec<_> = names.iter().map(|(name, mode, size)| (name.as_str(), *mode, *size)).collect();
    assert_eq!(
        shown,
        [
            ("llm/.gitattributes", 0o644, 36),
            ("llm/run.sh", 0o755, 10),
            ("llm/secret", 0o644, 2),
            ("llm/src/link", 0o777, 0),
            ("llm/src/noise.bin", 0o644, 5_000_000),
            ("llm/version", 0o644, 12),
        ]
    );
    let zipped = archived(&hearth, ArchiveFormat::TarGz).await;
    assert!(zipped.starts_with(b"\x1f\x8b"));
}

#[tokio::test]
async fn another_program_reads_the_zip_of_a_commit() {
    let hearth = TestHearth::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("llm.zip");
    std::fs::write(&file, archived(&hearth, ArchiveFormat::Zip).await).expect("written");
    let said = Command::new("python3").args(["-c", CHECK]).arg(&file).output().expect("Python runs");
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    assert!(text.contains("llm/run.sh 0o100755 b'#!/bin/sh"), "{text}");
    assert!(text.contains("llm/src/link 0o120777 b'../version'"), "{text}");
}
