use hearth_git::{Bound, DiffRequest, LinePlace, LineSide, Range};

use crate::support::Fixture;

#[tokio::test]
async fn two_branches_are_compared_from_where_they_part() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "a\n");
    let parted = copy.commit("first");
    copy.git(&["checkout", "-q", "-b", "topic"]);
    for number in 1..=3 {
        copy.write("topic", format!("{number}\n"));
        copy.commit(&format!("topic {number}"));
    }
    let head = copy.head();
    copy.git(&["checkout", "-q", "main"]);
    copy.write("main", "main\n");
    let base = copy.commit("main moves");
    copy.push();
    let compared =
        fixture.repository.run(move |git| git.compare(base, head, 2, &DiffRequest::default())).await.unwrap();
    assert_eq!(compared.merge_base, Some(parted));
    assert_eq!((compared.counts.value.ahead, compared.counts.value.behind), (3, 1));
    let titles: Vec<&str> = compared.commits.value.iter().map(|commit| commit.title.as_str()).collect();
    assert_eq!((titles, compared.commits.left_out), (vec!["topic 2", "topic 3"], Some(Bound::Entries)));
    let files: Vec<&str> = compared.diff.files.iter().map(hearth_git::FileDiff::path).collect();
    assert_eq!(files, ["topic"]);
}

#[tokio::test]
async fn histories_that_share_nothing_are_compared_with_nothing() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "a\n");
    let one = copy.commit("one");
    copy.git(&["checkout", "-q", "--orphan", "other"]);
    let other = copy.commit("other");
    copy.push();
    let compared = fixture
        .repository
        .run(move |git| git.compare(one, other, 10, &DiffRequest::default()))
        .await
        .unwrap();
    assert_eq!((compared.merge_base, compared.diff.files.len()), (None, 1));
}

#[tokio::test]
async fn identity_of_a_change_outlives_a_rebase_and_not_a_change_of_it() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines = |replaced: &[(usize, &str)]| -> String {
        (1..=40)
            .map(|number| {
                let other = replaced.iter().find(|(at, _)| *at == number);
                other.map_or(format!("{number}\n"), |(_, text)| format!("{text}\n"))
            })
            .collect()
    };
    let mut commits = Vec::new();
    for (text, message) in [
        (lines(&[]), "base"),
        (lines(&[(20, "twenty")]), "change"),
        (lines(&[(2, "two\ntwo and a half")]), "another base"),
        (lines(&[(2, "two\ntwo and a half"), (20, "twenty")]), "the same change"),
        (lines(&[(2, "two\ntwo and a half"), (20, "twenty ")]), "with a blank"),
    ] {
        copy.write("a", text);
        commits.push(copy.commit(message));
    }
    copy.push();
    let ids = fixture
        .repository
        .run(move |git| {
            Ok([
                git.patch_id(Some(commits[0]), commits[1])?,
                git.patch_id(Some(commits[2]), commits[3])?,
                git.patch_id(Some(commits[2]), commits[4])?,
            ])
        })
        .await
        .unwrap();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
}

#[tokio::test]
async fn a_comment_on_a_renamed_file_is_found_by_either_path_and_lines_around_it_are_read() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let text: String =
        (1..=20).flat_map(|number| ["line ".to_owned(), number.to_string(), "\n".to_owned()]).collect();
    copy.write("before", &text);
    let base = copy.commit("base");
    copy.git(&["mv", "before", "after"]);
    copy.write("after", text.replace("line 7\n", "line seven\n"));
    let from = Range { base, head: copy.commit("rename") };
    copy.git(&["checkout", "-q", "-b", "moved", &base.to_string()]);
    copy.write("before", format!("new\n{text}"));
    let base = copy.commit("base moves");
    copy.git(&["mv", "before", "after"]);
    copy.write("after", format!("new\n{text}").replace("line 7\n", "line seven\n"));
    let to = Range { base, head: copy.commit("rename") };
    copy.push();
    let place =
        |path: &str, side, line| LinePlace { path: path.to_owned(), side, first_line: line, last_line: line };
    let places = [
        place("before", LineSide::Old, 7),
        place("after", LineSide::Old, 7),
        place("after", LineSide::New, 7),
        place("after", LineSide::New, 70),
        place("../after", LineSide::New, 0),
    ];
    let (found, lines) = fixture
        .repository
        .run(move |git| {
            let blob = git.entry(to.head, &crate::support::path("after"))?.id;
            Ok((git.follow(&from, &to, &places)?, git.lines_of(blob, 20..30)?))
        })
        .await
        .unwrap();
    let expected = [
        Some(place("before", LineSide::Old, 8)),
        Some(place("before", LineSide::Old, 8)),
        Some(place("after", LineSide::New, 8)),
        None,
        None,
    ];
    assert_eq!(found, expected);
    assert_eq!(lines, ["line 19", "line 20"]);
}
