use std::time::Duration;

use hearth_git::{
    Allowance, Bound, Capacity, Grep, GrepManner, GrepPattern, GrepRequest, Invalid, ObjectId, Repository,
    RepositoryStore, StorageId,
};

use crate::support::{Fixture, WorkingCopy};

const SEVERAL: &[(&str, &str)] = &[
    ("README.md", "Hearth warms.\nA hearth is warm.\nhearths\n"),
    ("src/main.rs", "fn main() {}\nlet a_hearth = 1;\nlet x = a.b;\n"),
    ("src/deep/lib.rs", "let x = a+b;\r\n// HEARTH, hearth\r\n"),
    ("docs/notes.txt", "no line break at the end: hearth"),
];

fn filled(fixture: &Fixture) -> (WorkingCopy, ObjectId) {
    let copy = fixture.working_copy();
    for (path, content) in SEVERAL {
        copy.write(path, content);
    }
    copy.write("image", "hearth\0");
    std::os::unix::fs::symlink("hearth", copy.path.join("link")).unwrap();
    let head = copy.commit("first");
    copy.push();
    (copy, head)
}

fn request(pattern: &str, manner: GrepManner, paths: &[&str]) -> GrepRequest {
    GrepRequest {
        pattern: GrepPattern::new(pattern, manner).unwrap(),
        paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        most_lines: 100,
        most_lines_of_file: 50,
    }
}

async fn grep(repository: &Repository, commit: ObjectId, request: GrepRequest) -> Grep {
    repository.run_expensive(move |git| git.grep(commit, &request)).await.unwrap()
}

fn lines(grep: &Grep) -> Vec<String> {
    let lines = grep.files.iter().flat_map(|file| {
        file.lines.iter().map(move |line| format!("{}:{}:{}", file.path, line.number, line.text))
    });
    lines.collect()
}

#[tokio::test]
async fn the_lines_are_those_that_git_finds() {
    let fixture = Fixture::new().await;
    let (copy, head) = filled(&fixture);
    let plain = GrepManner::default();
    let cases: [(&str, GrepManner, &[&str], &[&str]); 7] = [
        ("hearth", plain, &["-F"], &[]),
        ("a.b", plain, &["-F"], &[]),
        ("a.b", GrepManner { is_regex: true, ..plain }, &["-E"], &[]),
        ("hearth", GrepManner { ignores_case: true, ..plain }, &["-F", "-i"], &[]),
        ("hearth", GrepManner { is_word: true, ..plain }, &["-F", "-w"], &[]),
        ("hearth", plain, &["-F"], &["src", "*.txt"]),
        ("(warm|x) ?[=s.]", GrepManner { is_regex: true, ..plain }, &["-E"], &["*.md", "src/*.rs"]),
    ];
    for (pattern, manner, options, paths) in cases {
        let arguments = [&["grep", "-n", "-I"], options, &["-e", pattern, "HEAD", "--"], paths].concat();
        let output = copy.try_git(&arguments);
        let told: Vec<String> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| line.strip_prefix("HEAD:"))
            .map(|line| line.trim_end_matches('\r').to_owned())
            .collect();
        let found = grep(&fixture.repository, head, request(pattern, manner, paths)).await;
        assert_eq!(lines(&found), told, "{pattern} {paths:?}");
        assert!(!told.is_empty() && found.left_out.is_none() && !found.has_more);
    }
    let all = grep(&fixture.repository, head, request("hearth", plain, &[])).await;
    assert_eq!((all.searched, all.binary), (4, 1), "the link is no file");
    let comment = &all.files.iter().find(|file| file.path == "src/deep/lib.rs").unwrap().lines[0];
    assert_eq!(comment.marks, [std::ops::Range { start: 11, end: 17 }]);
}

#[tokio::test]
async fn what_is_left_out_is_said() {
    let fixture = Fixture::new().await;
    let (copy, _) = filled(&fixture);
    copy.write("many", "hearth\n".repeat(30) + &"hearth ".repeat(1000));
    let head = copy.commit("many");
    copy.push();
    let mut few = request("hearth", GrepManner::default(), &["many"]);
    few.most_lines_of_file = 7;
    let found = grep(&fixture.repository, head, few).await;
    assert_eq!((found.files[0].lines.len(), found.files[0].has_more, found.has_more), (7, true, true));
    let whole = grep(&fixture.repository, head, request("hearth", GrepManner::default(), &["many"])).await;
    let long = whole.files[0].lines.last().unwrap();
    assert!(long.is_cut && long.text.len() <= 500 && long.marks.len() == 20, "{long:?}");

    let folder = fixture.folder.path().join("repositories");
    let allowance = Allowance { entries: 1_000, bytes: 300, time: Duration::from_mins(1) };
    let narrow = RepositoryStore::with(folder, Capacity::default(), allowance).unwrap();
    let narrow = narrow.open(&StorageId::from(1)).await.unwrap();
    let found = grep(&narrow, head, request("hearth", GrepManner::default(), &[])).await;
    assert_eq!(found.left_out, Some(Bound::Bytes));
}

#[tokio::test]
async fn a_match_inside_of_a_character_is_found_and_not_marked() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("text", "a 数 b\n");
    let head = copy.commit("text");
    copy.push();
    let regex = GrepManner { is_regex: true, ..GrepManner::default() };
    let found = grep(&fixture.repository, head, request(r"(?-u:\xE6)", regex, &[])).await;
    let line = &found.files[0].lines[0];
    assert_eq!((line.text.as_str(), line.marks.len()), ("a 数 b", 0));
}

/// Each way to let one look cost as much as the line is long, as often as the line is long.
#[tokio::test]
async fn no_pattern_takes_longer_than_a_search_may() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("long", "a".repeat(2_000_000));
    copy.write("short", "b a\n");
    let head = copy.commit("long");
    copy.push();
    let manner = GrepManner { is_regex: true, is_word: true, ..GrepManner::default() };
    let folder = fixture.folder.path().join("repositories");
    let allowance = Allowance { time: Duration::from_millis(200), ..Allowance::DEFAULT };
    let hasty = RepositoryStore::with(folder, Capacity::default(), allowance).unwrap();
    let hasty = hasty.open(&StorageId::from(1)).await.unwrap();
    for pattern in [r"\Ba.*", "a.*z", "(a.*z)?", "(a*)*", "x{0,500}a{0,500}y"] {
        let found = grep(&hasty, head, request(pattern, manner, &[])).await;
        assert!(found.left_out.is_none_or(|bound| bound == Bound::Time), "{pattern}: {found:?}");
    }
    let found = grep(&fixture.repository, head, request("a*", manner, &[])).await;
    assert_eq!(lines(&found).last().map(String::as_str), Some("short:1:b a"), "no word is empty");
}

#[test]
fn patterns_that_are_senseless_or_huge_are_refused() {
    let regex = GrepManner { is_regex: true, ..GrepManner::default() };
    for pattern in ["", "(", "a\nb", r"(\w{1000}){1000}", &"x".repeat(2_000)] {
        assert_eq!(GrepPattern::new(pattern, regex).unwrap_err(), Invalid::Pattern, "{pattern:.20}");
    }
    GrepPattern::new("(", GrepManner::default()).unwrap();
}
