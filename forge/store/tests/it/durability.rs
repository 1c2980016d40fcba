use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use hearth_store::{Error, Store, setting};

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
