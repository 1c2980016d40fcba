use std::{fs::File, time::SystemTime};

use hearth_git::Repository;

use crate::support::Fixture;

async fn branches(repository: &Repository) -> Vec<String> {
    let names = repository.run(|git| {
        let all = git.references("refs/heads/")?;
        assert_eq!(git.reference_count("refs/heads/")?, all.len());
        Ok(all.into_iter().map(|(name, id)| format!("{} {id}", name.as_str())).collect())
    });
    names.await.unwrap()
}

/// As if the folders of references had been changed an hour ago.
fn settle(repository: &Repository) {
    let then = SystemTime::now() - std::time::Duration::from_hours(1);
    for folder in ["refs/heads", "refs/heads/topic"] {
        File::open(repository.path().join(folder)).unwrap().set_modified(then).unwrap();
    }
}

#[tokio::test]
async fn references_are_read_again_only_when_something_has_changed() {
    let fixture = Fixture::new().await;
    let (copy, repository) = (fixture.working_copy(), &fixture.repository);
    let first = copy.commit("first");
    copy.git(&["branch", "topic/one"]);
    copy.push();
    settle(repository);
    let expected = vec![format!("refs/heads/main {first}"), format!("refs/heads/topic/one {first}")];
    assert_eq!(branches(repository).await, expected);
    // Nothing that changes references writes into their files, so this shows whether they are opened.
    let file = repository.path().join("refs/heads/topic/one");
    std::fs::write(&file, format!("{}\n", "ab".repeat(20))).unwrap();
    assert_eq!(branches(repository).await, expected, "they are not opened");

    std::fs::write(&file, format!("{first}\n")).unwrap();
    let second = copy.commit("second");
    copy.push();
    assert_eq!(branches(repository).await[0], format!("refs/heads/main {second}"));
    copy.git(&["push", "-q", "origin", ":topic/one", "HEAD:refs/heads/topic/two"]);
    assert_eq!(branches(repository).await.len(), 2);
    assert!(branches(repository).await[1].starts_with("refs/heads/topic/two"));
}
