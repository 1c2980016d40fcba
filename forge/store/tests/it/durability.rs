use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use hearth_store::{Ask as _, Error, Store, setting};
use tokio::time::timeout;

async fn put(store: &Store, value: &str) -> hearth_store::Result<()> {
    let mut writer = store.write().await?;
    setting::put(&mut writer, "test", value).await?;
    writer.commit().await
}

async fn found(store: &Store) -> Option<String> {
    setting::find(&mut store.read().await.expect("a reader"), "test").await.expect("an answer")
}

#[tokio::test]
async fn after_a_flush_that_failed_nothing_is_written_until_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let (database, log) = (folder.path().join("hearth.db"), folder.path().join("hearth.db-wal"));
    let store = Store::sqlite(&database).await.expect("opens");
    store.migrate().await.expect("migrates");
    put(&store, "first").await.expect("kept");

    // Flushing a device that cannot be flushed really fails, while SQLite continues with the file that it has
    // open.
    let aside = folder.path().join("aside");
    fs::rename(&log, &aside).expect("moved");
    std::os::unix::fs::symlink("/dev/null", &log).expect("linked");
    let begun = store.write().await.expect("begun before the failure");
    drop(begun);
    assert!(matches!(put(&store, "second").await, Err(Error::WritingStopped(_))));

    // The disk works again, but nobody knows what it holds.
    fs::remove_file(&log).expect("removed");
    fs::rename(&aside, &log).expect("moved");
    for _ in 0..3 {
        assert!(matches!(put(&store, "third").await, Err(Error::WritingStopped(_))));
    }
    assert!(matches!(store.check_writable().await, Err(Error::WritingStopped(_))));
    assert_ne!(found(&store).await.as_deref(), Some("third"), "reading goes on");
    store.close().await;

    let store = Store::sqlite(&database).await.expect("opens again");
    put(&store, "fourth").await.expect("kept after a restart");
    assert_eq!(found(&store).await.as_deref(), Some("fourth"));
}

#[tokio::test]
async fn a_database_is_for_its_own_user_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("hearth.db");
    fs::write(&database, "").expect("an old file");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).expect("set");
    let store = Store::sqlite(&database).await.expect("opens");
    store.migrate().await.expect("migrates");
    let mode = |path: &Path| fs::metadata(path).expect("facts").permissions().mode() & 0o777;
    for name in ["hearth.db", "hearth.db-wal", "hearth.db-shm"] {
        assert_eq!(mode(&folder.path().join(name)), 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_damaged_page_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("hearth.db");
    let store = Store::sqlite(&database).await.expect("opens");
    store.migrate().await.expect("migrates");
    assert_eq!(store.check_integrity(true).await.expect("an answer"), Vec::<String>::new());
    store.close().await;

    let mut bytes = fs::read(&database).expect("readable");
    // The root of the newest index: if pages of the schema were damaged, the file could not be opened.
    let last = bytes.len() - 4096;
    bytes[last..].fill(0xff);
    fs::write(&database, bytes).expect("written");
    let store = Store::sqlite(&database).await.expect("opens");
    for is_thorough in [false, true] {
        assert!(!store.check_integrity(is_thorough).await.expect("an answer").is_empty());
    }
}

#[tokio::test]
async fn a_read_that_nobody_waits_for_keeps_its_connection_until_it_ends() {
    const LONG: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) SELECT COUNT(*) FROM n";
    const CONNECTIONS: usize = 4;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::sqlite(&folder.path().join("hearth.db")).await.expect("opens");
    store.migrate().await.expect("migrates");
    for _ in 0..CONNECTIONS {
        let reading = async { store.read().await.expect("a reader").query(LONG).fetch_count().await };
        assert!(timeout(Duration::from_millis(20), reading).await.is_err(), "it takes longer");
    }
    assert!(timeout(Duration::from_millis(20), store.read()).await.is_err(), "all of them are still reading");
    // In the end they are returned in working order.
    let mut readers = Vec::new();
    for _ in 0..CONNECTIONS {
        readers.push(store.read().await.expect("a reader"));
    }
    for reader in &mut readers {
        assert_eq!(reader.query("SELECT COUNT(*) FROM (SELECT 1)").fetch_count().await.expect("a count"), 1);
    }
    drop(readers);
    store.close().await;
    let left: Vec<_> = fs::read_dir(folder.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    assert_eq!(left, ["hearth.db"], "every connection is closed");
}
