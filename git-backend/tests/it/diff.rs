use crate::support::Fixture;
use hearth_git::{DiffLimits, DiffRequest, FileDiff, FileStatus, LineKind};

#[tokio::test]
async fn diff_tells_what_happened_to_every_file() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines = (1..=40).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat();
    copy.write("edited", &lines);
    copy.write("gone", "bye\n");
    copy.write("before", lines.replace("line", "row"));
    copy.write("image", b"\x89PNG\0\x01");
    let first = copy.commit("first");
    copy.write("edited", lines.replace("line 20\n", "line twenty\nline 20 and a half\n").trim_end());
    std::fs::remove_file(copy.path.join("gone")).unwrap();
    std::fs::rename(copy.path.join("before"), copy.path.join("after")).unwrap();
    copy.write("image", b"\x89PNG\0\x02");
    copy.write("new", "hello\n");
    let second = copy.commit("second");
    copy.push();
    let (diff, initial) = fixture
        .repository
        .run(move |git| {
            let request = DiffRequest::default();
            Ok((git.diff_commit(second, &request)?, git.diff_commit(first, &request)?))
        })
        .await
        .unwrap();
    let seen: Vec<_> =
        diff.files.iter().map(|file| (file.path(), file.status, file.additions, file.deletions)).collect();
    assert_eq!(
        seen,
        [
            ("after", FileStatus::Renamed, 0, 0),
            ("edited", FileStatus::Modified, 3, 2),
            ("gone", FileStatus::Deleted, 0, 1),
            ("image", FileStatus::Modified, 0, 0),
            ("new", FileStatus::Added, 1, 0),
        ]
    );
    assert!(diff.files[3].is_binary && !diff.files[1].is_binary);
    let hunk = &diff.files[1].hunks[0];
    assert_eq!(hunk.header, "@@ -17,7 +17,8 @@ line 16");
    let added: Vec<_> = hunk.lines.iter().filter(|line| line.kind == LineKind::Added).collect();
    assert_eq!(
        (added[0].text.as_str(), added[0].old_number, added[0].new_number),
        ("line twenty", None, Some(20))
    );
    let last = diff.files[1].hunks.last().unwrap().lines.last().unwrap();
    assert_eq!(last.kind, LineKind::NoNewline);
    assert_eq!((initial.files.len(), initial.additions), (4, 81));
}

#[tokio::test]
async fn large_diff_is_cut_and_says_so() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for number in 0..5 {
        copy.write(&format!("f{number}"), "x\n".repeat(100));
    }
    copy.write("wide", "y".repeat(10_000));
    let commit = copy.commit("much");
    copy.push();
    let limits = DiffLimits { files: 4, lines: 250, file_lines: 90, line_bytes: 10, ..DiffLimits::PAGE };
    let request = DiffRequest { limits, ..DiffRequest::default() };
    let diff = fixture.repository.run(move |git| git.diff_commit(commit, &request)).await.unwrap();
    assert!(diff.is_truncated);
    assert_eq!((diff.files.len(), diff.total_files, diff.additions), (4, 6, 400));
    let shown: Vec<usize> =
        diff.files.iter().map(|file| file.hunks.iter().map(|hunk| hunk.lines.len()).sum()).collect();
    assert_eq!(shown, [90, 90, 70, 0]);
    assert!(diff.files.iter().all(|file| file.is_truncated));
}

#[tokio::test]
async fn moved_file_with_changes_is_one_file_and_a_link_in_its_place_is_another_type() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines = (1..=20).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat();
    copy.write("src/old.py", &lines);
    copy.write("twin-a/__init__.py", "same\n");
    copy.write("twin-b/setup.py", "same\n");
    copy.write("data", "x\n");
    copy.commit("first");
    copy.write("lib/new.py", lines.replace("line 3\n", "line three\n"));
    std::fs::remove_file(copy.path.join("src/old.py")).unwrap();
    for (from, to) in [("twin-a", "c"), ("twin-b", "d")] {
        std::fs::rename(copy.path.join(from), copy.path.join(to)).unwrap();
    }
    std::fs::remove_file(copy.path.join("data")).unwrap();
    std::os::unix::fs::symlink("lib", copy.path.join("data")).unwrap();
    let second = copy.commit("second");
    copy.push();
    let diff =
        fixture.repository.run(move |git| git.diff_commit(second, &DiffRequest::default())).await.unwrap();
    let seen: Vec<_> = diff
        .files
        .iter()
        .map(|file| (file.old_path.as_deref().unwrap_or_default(), file.path(), file.status, file.additions))
        .collect();
    assert_eq!(
        seen,
        [
            ("twin-a/__init__.py", "c/__init__.py", FileStatus::Renamed, 0),
            ("twin-b/setup.py", "d/setup.py", FileStatus::Renamed, 0),
            ("data", "data", FileStatus::TypeChanged, 1),
            ("src/old.py", "lib/new.py", FileStatus::Renamed, 1),
        ]
    );
}

#[tokio::test]
async fn blanks_can_be_ignored_and_one_file_read_alone_by_either_of_its_paths() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines = (1..=20).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat();
    copy.write("blanks.py", "if x:\n  y = 1\n  z = 2\n");
    copy.write("old.py", &lines);
    copy.commit("first");
    copy.write("blanks.py", "if x:\n    y = 1\n    z = 3\n");
    std::fs::remove_file(copy.path.join("old.py")).unwrap();
    copy.write("new.py", lines.replace("line 3\n", "line three\n"));
    let commit = copy.commit("second");
    copy.push();
    let ignoring = DiffRequest { ignores_whitespace: true, ..DiffRequest::default() };
    let diff = fixture.repository.run(move |git| git.diff_commit(commit, &ignoring)).await.unwrap();
    assert_eq!((diff.files[0].path(), diff.files[0].additions), ("blanks.py", 1));
    for path in ["old.py", "new.py"] {
        let only = DiffRequest { only: Some(path.to_owned()), ..DiffRequest::default() };
        let diff = fixture.repository.run(move |git| git.diff_commit(commit, &only)).await.unwrap();
        let found: Vec<&str> = diff.files.iter().map(FileDiff::path).collect();
        assert_eq!((found, diff.additions), (vec!["new.py"], 1));
    }
}
