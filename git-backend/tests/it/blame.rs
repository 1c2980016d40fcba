use std::sync::Arc;

use hearth_git::{Blame, Error, ObjectId, TreePath};

use crate::support::{Fixture, WorkingCopy, path};

/// Commit, line there and path of each line, as git says.
fn told_by_git(copy: &WorkingCopy, file: &str) -> Vec<(ObjectId, u32, String)> {
    let text = copy.git(&["blame", "--line-porcelain", "HEAD", "--", file]);
    let (mut told, mut head) = (Vec::new(), None);
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("filename ") {
            let (commit, number): (ObjectId, u32) = head.take().unwrap();
            told.push((commit, number, name.to_owned()));
        } else if head.is_none() && !line.starts_with('\t') {
            let mut words = line.split(' ');
            let commit = words.next().unwrap().parse().unwrap();
            head = Some((commit, words.next().unwrap().parse().unwrap()));
        }
    }
    told
}

fn by_line(blame: &Blame) -> Vec<(ObjectId, u32, String)> {
    let lines = blame.runs.iter().flat_map(|run| {
        (0..run.lines).map(|line| (run.commit, run.original_line + line, run.path.to_string()))
    });
    lines.collect()
}

async fn blame(fixture: &Fixture, commit: ObjectId, file: TreePath) -> Result<Arc<Blame>, Error> {
    fixture.repository.run_expensive(move |git| git.blame(commit, &file)).await
}

#[tokio::test]
async fn lines_have_the_origin_that_git_tells_across_names_and_merges() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let mut lines: Vec<String> = (0..40).map(|number| format!("line {number}")).collect();
    let write = |name: &str, lines: &[String]| copy.write(name, lines.join("\n") + "\n");
    write("song", &lines);
    copy.commit("first");
    for round in 0..6 {
        lines[round * 5] = format!("changed {round}");
        lines.insert(round * 3, "}".to_owned());
        lines.remove(round * 7 + 1);
        write("song", &lines);
        copy.commit("change");
    }
    copy.git(&["checkout", "-q", "-b", "topic"]);
    lines.insert(2, "of the topic".to_owned());
    write("song", &lines);
    copy.commit("topic");
    copy.git(&["checkout", "-q", "main"]);
    copy.git(&["mv", "song", "tune"]);
    lines.remove(2);
    lines[30] = "of main".to_owned();
    write("tune", &lines);
    copy.commit("renamed");
    copy.git(&["merge", "-q", "--no-edit", "topic"]);
    copy.push();
    let head = copy.head();
    let told = told_by_git(&copy, "tune");
    assert!(told.iter().any(|(.., name)| name == "song") && told.iter().any(|(.., name)| name == "tune"));
    for _ in 0..2 {
        let found = blame(&fixture, head, path("tune")).await.unwrap();
        assert_eq!(by_line(&found), told);
    }
}

#[tokio::test]
async fn folders_and_files_without_lines_have_no_blame() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("folder/image", "\0");
    copy.write("empty", "");
    let head = copy.commit("first");
    copy.push();
    assert!(matches!(blame(&fixture, head, path("folder")).await, Err(Error::WrongKind(_))));
    assert!(matches!(blame(&fixture, head, path("folder/image")).await, Err(Error::WrongKind(_))));
    assert!(matches!(blame(&fixture, head, path("none")).await, Err(Error::PathNotFound)));
    assert_eq!(*blame(&fixture, head, path("empty")).await.unwrap(), Blame::default());
}
