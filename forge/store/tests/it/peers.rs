//! Two servers on one PostgreSQL notify each other.

use std::time::Duration;

use hearth_core::{Change, TaskId};
use hearth_store::{Ask as _, ChangeReceiver, Store, setting, task, testing::TestStore};
use tokio::{sync::watch, time};

use crate::support::{insert_repository, insert_user, new_task};

async fn hear(news: &mut ChangeReceiver, wanted: Option<Change>) {
    let heard = async { while news.next().await != wanted {} };
    time::timeout(Duration::from_secs(20), heard).await.expect("heard");
}

#[tokio::test]
async fn what_one_server_commits_and_what_lies_in_no_table_is_heard_by_the_other() {
    let Some(TestStore { store, address, .. }) = TestStore::postgres().await else { return };
    let other = Store::postgres(&address, 6).await.expect("the same database");
    assert_ne!(store.server(), other.server());
    let (stop, stopping) = watch::channel(false);
    let follow = |store: &Store| {
        let (store, stopping) = (store.clone(), stopping.clone());
        tokio::spawn(async move { store.follow_peers(stopping).await })
    };
    let mut news = other.changes().listen();
    let (one, two) = (follow(&store), follow(&other));
    // None: it listens from here on.
    assert_eq!(news.next().await, None);
    let mut writer = store.write().await.expect("a transaction");
    let mei = insert_user(&mut writer, "mei").await;
    let code = insert_repository(&mut writer, &mei, "digits").await;
    let id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
    let mut kept = store.write().await.expect("a transaction");
    setting::put(&mut kept, "unheard", "yes").await.expect("kept");
    drop(kept);
    writer.commit().await.expect("kept");
    hear(&mut news, Some(Change::Task(id))).await;
    store.announce(Change::Log(TaskId(7)));
    hear(&mut news, Some(Change::Log(TaskId(7)))).await;
    // A server that lost its connection may have missed anything: it says so again once reconnected, and goes
    // on listening.
    let mut writer = store.write().await.expect("a transaction");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    writer.query(cut).execute().await.expect("cut");
    writer.commit().await.expect("kept");
    hear(&mut news, None).await;
    hear(&mut news, None).await;
    store.announce(Change::Log(TaskId(8)));
    hear(&mut news, Some(Change::Log(TaskId(8)))).await;
    stop.send_replace(true);
    one.await.expect("it ends");
    two.await.expect("it ends");
    other.close().await;
}
