//! What an operator learns from checking a bucket.

use std::{path::Path, sync::Arc};

use hearth_blobs::{Blobs, Disk, S3Error, S3Settings};

use crate::support::{World, in_folder, in_s3, open, settings};

async fn check(world: &World, change: impl FnOnce(&mut S3Settings)) -> Result<String, String> {
    let mut settings = settings(world.server.as_ref().expect("a server"));
    change(&mut settings);
    open(&settings, world.folder.path()).await.check().await.map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_store_that_works_says_where_it_is_and_keeps_nothing_of_the_trial() {
    let world = in_s3().await;
    let place = check(&world, |_| {}).await.expect("it works");
    assert!(place.contains("objects") && place.contains("127.0.0.1"), "{place}");
    assert!(world.names().is_empty(), "{:?}", world.names());
    assert!(in_folder().await.blobs.check().await.is_ok());
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_key() {
    let mut world = in_s3().await;
    let wrong_key = check(&world, |settings| settings.secret_key = "another".into()).await;
    let text = wrong_key.expect_err("refused");
    assert!(text.contains("SignatureDoesNotMatch") && text.contains("blobs.s3.access_key"), "{text}");
    let text = check(&world, |settings| settings.bucket = "none".into()).await.expect_err("refused");
    assert!(text.contains("no such bucket") && text.contains("blobs.s3.bucket"), "{text}");
    world.server.as_mut().expect("a server").stop();
    let text = check(&world, |_| {}).await.expect_err("away");
    assert!(text.contains("does not answer"), "{text}");
    assert!(!text.contains("only-for-tests"), "{text}");
}

#[derive(Debug)]
struct NoDisk;

impl Disk for NoDisk {
    fn check_room_for(&self, _: u64) -> hearth_core::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_once() {
    let world = in_s3().await;
    let good = settings(world.server.as_ref().expect("a server"));
    let refused = async |settings: S3Settings| {
        let folder = Path::new(world.folder.path()).join("blobs");
        match Blobs::in_s3(&settings, folder, Arc::new(NoDisk)).await {
            Err(S3Error::Settings(text)) => text,
            other => panic!("{other:?}"),
        }
    };
    assert!(refused(S3Settings { bucket: String::new(), ..good.clone() }).await.contains("bucket"));
    assert!(
        refused(S3Settings { endpoint: "s3.example.org".into(), ..good.clone() }).await.contains("endpoint")
    );
    assert!(refused(S3Settings { prefix: "a/../b".into(), ..good.clone() }).await.contains("prefix"));
    assert!(refused(S3Settings { secret_key: String::new(), ..good.clone() }).await.contains("secret key"));
    assert!(!format!("{good:?}").contains("only-for-tests"));
}
