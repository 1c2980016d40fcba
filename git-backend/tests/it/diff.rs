use crate::support::Fixture;
use hearth_git::{Diff, DiffLimits, DiffRequest, FileDiff, FileStatus, LineKind, ObjectId, Whitespace};

#[tokio::test]
async fn counts_of_a_commit_are_those_of_its_diff_without_the_lines() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("kept", "one\ntwo\n");
    copy.commit("first");
    copy.write("kept", "one\nthree\n");
    copy.write("new", "hello\n");
    let second = copy.commit("second");
    copy.push();
    for _ in ["counted", "known"] {
        let (counts, mut diff) = fixture
            .repository
            .run(move |git| {
                let commit = git.commit(second)?;
                Ok((git.diff_counts(&commit)?, git.diff_commit(second, &DiffRequest::default())?))
            })
            .await
            .unwrap();
        assert_eq!((counts.additions, counts.deletions, counts.total_files), (2, 1, 2));
        for file in &mut diff.files {
            file.hunks.clear();
            file.is_truncated = true;
        }
        assert_eq!(*counts, diff);
    }
}

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
    let ignoring = DiffRequest { whitespace: Whitespace::Ignored, ..DiffRequest::default() };
    let diff = fixture.repository.run(move |git| git.diff_commit(commit, &ignoring)).await.unwrap();
    assert_eq!((diff.files[0].path(), diff.files[0].additions), ("blanks.py", 1));
    for path in ["old.py", "new.py"] {
        let only = DiffRequest { only: Some(path.to_owned()), ..DiffRequest::default() };
        let diff = fixture.repository.run(move |git| git.diff_commit(commit, &only)).await.unwrap();
        let found: Vec<&str> = diff.files.iter().map(FileDiff::path).collect();
        assert_eq!((found, diff.additions), (vec!["new.py"], 1));
    }
}

/// The differences of one commit, for each of these requests.
async fn read<const COUNT: usize>(
    fixture: &Fixture,
    commit: ObjectId,
    requests: [DiffRequest; COUNT],
) -> [Diff; COUNT] {
    let read = fixture.repository.run(move |git| {
        requests
            .iter()
            .map(|request| git.diff_commit(commit, request))
            .collect::<hearth_git::Result<Vec<_>>>()
    });
    read.await.unwrap().try_into().unwrap()
}

#[tokio::test]
async fn blanks_count_as_much_as_was_asked_for() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "amount of\n1\nend\n2\nnone\n3\ntext\n");
    copy.commit("first");
    copy.write("a", "amount  of\n1\nend \n2\nno ne\n3\nTEXT\n");
    let commit = copy.commit("second");
    copy.push();
    let modes =
        [Whitespace::Counts, Whitespace::IgnoredAtEnd, Whitespace::AmountIgnored, Whitespace::Ignored];
    let asked = modes.map(|whitespace| DiffRequest { whitespace, ..DiffRequest::default() });
    let diffs = read(&fixture, commit, asked).await;
    assert_eq!(
        diffs.each_ref().map(|diff| (diff.additions, diff.deletions)),
        [(4, 4), (3, 3), (2, 2), (1, 1)]
    );
    let identities = diffs.each_ref().map(|diff| diff.files[0].identity());
    assert!(identities.iter().all(|identity| *identity == identities[0]));
}

#[tokio::test]
async fn as_many_lines_are_shown_around_a_change_as_was_asked_for() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines = (1..=40).flat_map(|number| ["line ".to_owned(), format!("{number}\n")]).collect::<String>();
    copy.write("a", &lines);
    copy.commit("first");
    copy.write("a", lines.replace("line 20\n", "line twenty\n"));
    let commit = copy.commit("second");
    copy.push();
    let asked =
        [0, 3, 10, u32::MAX / 4].map(|context_lines| DiffRequest { context_lines, ..DiffRequest::default() });
    let diffs = read(&fixture, commit, asked).await;
    assert_eq!(diffs.each_ref().map(|diff| diff.files[0].hunks[0].lines.len()), [2, 8, 22, 41]);
    assert_eq!(diffs[0].files[0].identity(), diffs[3].files[0].identity());
}

#[tokio::test]
async fn files_are_read_page_by_page_and_a_list_counts_their_lines_without_showing_them() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    for number in 0..301 {
        copy.write(&format!("f{number:03}"), "x\n".repeat(number % 3 + 1));
    }
    let commit = copy.commit("many");
    copy.push();
    let page = |skip, files| {
        let limits = DiffLimits { files, ..DiffLimits::PAGE };
        DiffRequest { skip, limits, ..DiffRequest::default() }
    };
    let list = DiffRequest { limits: DiffLimits::LIST, ..DiffRequest::default() };
    let diffs =
        read(&fixture, commit, [page(0, 300), page(3, 2), page(300, 300), page(301, 300), list]).await;
    let seen = diffs.each_ref().map(|diff| {
        (diff.files.first().map_or("", FileDiff::path), diff.files.len(), diff.total_files, diff.is_truncated)
    });
    assert_eq!(
        seen,
        [
            ("f000", 300, 301, true),
            ("f003", 2, 301, true),
            ("f300", 1, 301, false),
            ("", 0, 301, false),
            ("f000", 301, 301, false)
        ]
    );
    let [first, .., list] = &diffs;
    for (listed, shown) in list.files.iter().zip(&first.files) {
        assert_eq!((listed.additions, listed.identity()), (shown.additions, shown.identity()));
        assert!(listed.hunks.is_empty() && listed.is_truncated && !shown.is_truncated);
    }
}

/// Western European text; what has a control character is none.
fn latin(bytes: Vec<u8>) -> Option<String> {
    let has_control = bytes.iter().any(|byte| *byte < b'\n');
    (!has_control).then(|| bytes.into_iter().map(char::from).collect())
}

#[tokio::test]
async fn contents_are_decoded_where_it_was_asked_for() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("binary", b"\0\xE9\n");
    copy.write("latin", b"caf\xE9\n");
    copy.write("plain", "coffee\n");
    let commit = copy.commit("first");
    copy.push();
    let asked = [None, Some(latin as hearth_git::Decode)];
    let asked = asked.map(|decode| DiffRequest { decode, ..DiffRequest::default() });
    let diffs = read(&fixture, commit, asked).await;
    let shown = diffs.each_ref().map(|diff| {
        let text = |file: &FileDiff| file.hunks.first().map(|hunk| hunk.lines[0].text.clone());
        diff.files.iter().map(text).collect::<Vec<_>>()
    });
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        shown,
        [vec![None, text("caf\u{FFFD}"), text("coffee")], vec![None, text("café"), text("coffee")]]
    );
    assert!(diffs.iter().all(|diff| diff.files[0].is_binary));
    assert_eq!(diffs[0].files[1].identity(), diffs[1].files[1].identity());
}

#[tokio::test]
async fn identity_of_a_file_s_change_stays_while_the_same_lines_change_in_the_same_surroundings() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines = (1..=40).flat_map(|number| ["line ".to_owned(), format!("{number}\n")]).collect::<String>();
    let mut identities = Vec::new();
    for (before, after) in [
        (lines.clone(), "line twenty\n"),
        (format!("more\n{lines}"), "line twenty\n"),
        (lines.clone(), "line Twenty\n"),
        (lines.replace("line 19\n", "line nineteen\n"), "line twenty\n"),
    ] {
        copy.write("a", &before);
        copy.commit("before");
        copy.write("a", before.replace("line 20\n", after));
        let commit = copy.commit("after");
        copy.push();
        let [diff] = read(&fixture, commit, [DiffRequest::default()]).await;
        identities.push(diff.files[0].identity());
    }
    assert_eq!(identities[0], identities[1]);
    assert_ne!(identities[0], identities[2]);
    assert_ne!(identities[0], identities[3]);
}
