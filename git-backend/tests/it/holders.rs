//! How many permits one client takes, whatever it asks of however many repositories.

use std::{
    sync::{Arc, Barrier},
    time::Duration,
};

use hearth_git::{
    Allowance, Capacity, Error, Holder, OpenRepository, Repository, RepositoryStore, StorageId, on_behalf_of,
};

use crate::support::branch;

const MOMENT: Duration = Duration::from_millis(50);

fn address(last: u8) -> Vec<Holder> {
    vec![Holder::address([192, 0, 2, last].into())]
}

/// Asks something expensive whose answer comes when everybody is at the barrier. It returns when it has its
/// permit.
async fn hold(holders: Vec<Holder>, repository: &Repository, end: &Arc<Barrier>) {
    let (repository, end) = (repository.clone(), Arc::clone(end));
    let (begun, begins) = tokio::sync::oneshot::channel();
    let question = async move {
        let work = move |_: &OpenRepository| {
            begun.send(()).ok();
            end.wait();
            Ok(())
        };
        repository.run_expensive(work).await.unwrap();
    };
    tokio::spawn(on_behalf_of(holders, question));
    begins.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_asks_much_of_many_repositories_leaves_places_for_another() {
    let folder = tempfile::tempdir().unwrap();
    let capacity = Capacity { questions: 4, questions_per_client: 2, ..Capacity::default() };
    let store = RepositoryStore::with(folder.path(), capacity, Allowance::DEFAULT).unwrap();
    let mut repositories = Vec::new();
    for number in 0..4 {
        repositories.push(store.create(&StorageId::from(number), &branch("main")).await.unwrap());
    }
    let end = Arc::new(Barrier::new(3));
    for repository in &repositories[..2] {
        hold(address(1), repository, &end).await;
    }
    for repository in &repositories {
        let soon = || repository.run_expensive_within(MOMENT, |_| Ok(()));
        assert!(matches!(on_behalf_of(address(1), soon()).await, Err(Error::Busy)), "it has its share");
        on_behalf_of(address(2), soon()).await.expect("another has places");
        soon().await.expect("the server itself has places");
        on_behalf_of(address(1), repository.run(OpenRepository::head)).await.expect("what is cheap goes on");
    }
    tokio::task::spawn_blocking(move || end.wait()).await.unwrap();
}
