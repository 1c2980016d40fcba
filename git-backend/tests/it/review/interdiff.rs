use hearth_git::{DiffRequest, LineKind, Range};

use crate::support::Fixture;

fn numbers(replaced: &[(&str, &str)]) -> String {
    let lines = (1..=40).map(|number| format!("line {number}\n")).collect::<Vec<_>>().concat();
    replaced.iter().fold(lines, |text, (from, to)| text.replace(&format!("{from}\n"), &format!("{to}\n")))
}

#[tokio::test]
async fn what_only_the_base_brought_is_left_out_and_what_cannot_be_told_apart_is_named() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("same", numbers(&[]));
    copy.write("changed", numbers(&[]));
    copy.write("entangled", numbers(&[]));
    let old_base = copy.commit("base");
    copy.git(&["checkout", "-q", "-b", "old"]);
    copy.write("same", numbers(&[("line 5", "five")]));
    copy.write("changed", numbers(&[("line 5", "five")]));
    copy.write("entangled", numbers(&[("line 5", "five")]));
    copy.write("dropped", "dropped\n");
    let old = Range { base: old_base, head: copy.commit("version 1") };
    copy.git(&["checkout", "-q", "main"]);
    copy.write("same", numbers(&[("line 35", "by base")]));
    copy.write("changed", numbers(&[("line 35", "by base")]));
    copy.write("entangled", numbers(&[("line 5", "5, by base")]));
    copy.write("unrelated", "by base\n");
    let new_base = copy.commit("base moves");
    copy.git(&["checkout", "-q", "-b", "new"]);
    copy.write("same", numbers(&[("line 5", "five"), ("line 35", "by base")]));
    copy.write("changed", numbers(&[("line 5", "FIVE"), ("line 35", "by base")]));
    copy.write("entangled", numbers(&[("line 5", "five, resolved")]));
    copy.write("added", "added\n");
    let new = Range { base: new_base, head: copy.commit("version 2") };
    copy.push();
    let diff =
        fixture.repository.run(move |git| git.interdiff(&old, &new, &DiffRequest::default())).await.unwrap();
    let seen: Vec<(&str, Vec<&str>)> = diff
        .files
        .iter()
        .map(|file| {
            let lines = file.hunks.iter().flat_map(|hunk| &hunk.lines);
            let changed = lines.filter(|line| line.kind != LineKind::Context);
            (file.path(), changed.map(|line| line.text.as_str()).collect())
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("added", vec!["added"]),
            ("changed", vec!["five", "FIVE"]),
            ("dropped", vec!["dropped"]),
            ("entangled", vec!["five", "five, resolved"]),
        ]
    );
    assert_eq!(diff.mixed_with_base, ["entangled"]);
    assert_eq!(diff.total_files, 4);
}
