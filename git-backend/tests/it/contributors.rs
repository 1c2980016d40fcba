use hearth_git::{Contributors, ObjectId};

use crate::support::{Fixture, WorkingCopy, client};

fn commit_of(copy: &WorkingCopy, name: &str, day: u32, message: &str) -> ObjectId {
    let status = client(&copy.path)
        .env("GIT_AUTHOR_NAME", name)
        .env("GIT_AUTHOR_EMAIL", format!("{}@Example.org", name.to_lowercase()))
        .env("GIT_AUTHOR_DATE", format!("2026-01-{day:02}T12:00:00Z"))
        .args(["commit", "-q", "--allow-empty", "-m", message])
        .status();
    assert!(status.unwrap().success());
    copy.head()
}

async fn count(fixture: &Fixture, head: ObjectId) -> Contributors {
    let counted = fixture.repository.run_in_background(move |git| {
        let counted = git.count_contributors(head)?;
        git.keep_contributors(&counted)?;
        Ok(counted)
    });
    counted.await.unwrap()
}

fn shown(found: &Contributors) -> Vec<(&str, u64, u64, Vec<u32>)> {
    let weeks = |weeks: &[(u32, u32)]| weeks.iter().map(|(_, count)| *count).collect();
    let people = found.people.iter();
    people.map(|one| (one.name.as_str(), one.commits, one.co_authored, weeks(&one.weeks))).collect()
}

#[tokio::test]
async fn commits_are_counted_by_person_and_week_and_a_push_adds_to_them() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    // Monday to Sunday is one week: 5 to 11 January 2026.
    commit_of(&copy, "Ana", 5, "one");
    commit_of(
        &copy,
        "Ana",
        11,
        "two\n\nCo-authored-by: Bo <bo@example.org>\nCo-authored-by: Ana <ana@example.org>",
    );
    let old = commit_of(&copy, "Bo", 12, "three");
    copy.push();
    let found = count(&fixture, old).await;
    assert_eq!(shown(&found), [("Ana", 2, 0, vec![2]), ("Bo", 2, 1, vec![1, 1])]);
    assert!(!found.is_cut);

    let new = commit_of(&copy, "Bo", 13, "four");
    copy.push();
    let found = count(&fixture, new).await;
    assert_eq!(shown(&found), [("Bo", 3, 1, vec![1, 2]), ("Ana", 2, 0, vec![2])]);
    // What two people made together is one commit.
    assert_eq!(found.weeks.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [2, 2]);
    let kept = fixture.repository.run(|git| Ok(git.kept_contributors())).await.unwrap();
    assert_eq!(kept, Some(found));

    // After the branch was moved back, only what is left counts.
    assert_eq!(shown(&count(&fixture, old).await), [("Ana", 2, 0, vec![2]), ("Bo", 2, 1, vec![1, 1])]);
}

#[tokio::test]
async fn merges_are_nobodys_work() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    commit_of(&copy, "Ana", 5, "one");
    copy.git(&["checkout", "-q", "-b", "side"]);
    commit_of(&copy, "Ana", 6, "two");
    copy.git(&["checkout", "-q", "main"]);
    copy.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    copy.push();
    assert_eq!(shown(&count(&fixture, copy.head()).await), [("Ana", 2, 0, vec![2])]);
}
