use std::{fs, path::Path, sync::Arc, time::Duration};

use hearth_blobs::{BlobId, Blobs, Disk, Promise, S3Settings, s3::Timeouts};
use hearth_core::{Limit, Result};
use hearth_test_s3::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY};
use tempfile::TempDir;
use tokio::io::AsyncReadExt as _;

pub(crate) const LIMIT: Limit = Limit { name: "test", most: 64 << 20, key: "limits.test" };

/// A disk that is never full.
#[derive(Debug)]
struct Endless;

impl Disk for Endless {
    fn check_room_for(&self, _: u64) -> Result<()> {
        Ok(())
    }
}

/// A store with its backend.
pub(crate) struct World {
    pub(crate) blobs: Blobs,
    /// None: objects are in a folder.
    pub(crate) server: Option<S3Server>,
    pub(crate) folder: TempDir,
}

/// One of each kind.
pub(crate) async fn both() -> [World; 2] {
    [in_folder().await, in_s3().await]
}

pub(crate) async fn in_folder() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = Blobs::in_folder(folder.path().join("blobs"), Arc::new(Endless)).await.expect("opens");
    World { blobs, server: None, folder }
}

pub(crate) async fn in_s3() -> World {
    let server = S3Server::start();
    let folder = tempfile::tempdir().expect("a folder");
    let blobs = open(&settings(&server), folder.path()).await;
    World { blobs, server: Some(server), folder }
}

/// The store as a new process finds it.
pub(crate) async fn open(settings: &S3Settings, folder: &Path) -> Blobs {
    // The client is created before it is known whether TLS is used.
    rustls::crypto::ring::default_provider().install_default().ok();
    Blobs::in_s3(settings, folder.join("blobs"), Arc::new(Endless)).await.expect("opens")
}

pub(crate) fn settings(server: &S3Server) -> S3Settings {
    S3Settings {
        endpoint: server.endpoint(),
        bucket: BUCKET.into(),
        prefix: "site/large".into(),
        region: "us-east-1".into(),
        access_key: ACCESS_KEY.into(),
        secret_key: SECRET_KEY.into(),
        is_path_style: true,
        timeouts: Timeouts {
            retry: Duration::from_secs(1),
            part: Duration::from_secs(60),
            ..Timeouts::default()
        },
        ..S3Settings::default()
    }
}

impl World {
    pub(crate) async fn put(&self, bytes: &[u8]) -> BlobId {
        self.blobs.put(bytes, &Promise::default(), LIMIT).await.expect("stored").id
    }

    pub(crate) async fn read(&self, id: &BlobId) -> Vec<u8> {
        let object = self.blobs.find(id).await.expect("an answer").expect("there");
        let mut bytes = Vec::new();
        object.open().await.expect("opens").read_to_end(&mut bytes).await.expect("readable");
        assert_eq!(object.size_bytes(), bytes.len() as u64);
        bytes
    }

    /// Files where objects are stored or received, without their folders, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names = files(self.folder.path());
        if let Some(server) = &self.server {
            names.extend(files(&server.objects()));
        }
        names.sort();
        names
    }
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let each = entries.flat_map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => files(&entry.path()),
        _ => vec![entry.file_name().to_string_lossy().into_owned()],
    });
    each.collect()
}

/// Non-zero bytes, the same each time.
pub(crate) fn bytes(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(count + 8);
    while bytes.len() < count {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        bytes.extend(state.to_le_bytes());
    }
    bytes.truncate(count);
    bytes
}

/// Waits for a condition.
pub(crate) async fn until(what: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come to that");
}
