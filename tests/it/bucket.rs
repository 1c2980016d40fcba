//! Large files in a bucket of a real S3 server.

use std::time::{Duration, Instant};

use hearth_test_s3::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY};
use hearth_tests::{Git, TestServer, noise};

/// More than one part of an upload.
const WEIGHTS: usize = 19 * 1024 * 1024 + 17;

fn server_with(bucket: &S3Server) -> TestServer {
    TestServer::builder()
        .setting("blobs.store", "s3")
        .setting("blobs.s3.endpoint", &bucket.endpoint())
        .setting("blobs.s3.bucket", BUCKET)
        .setting("blobs.s3.prefix", "site")
        .setting("blobs.s3.access_key", ACCESS_KEY)
        .setting("blobs.s3.secret_key", SECRET_KEY)
        .start()
}

#[test]
fn large_files_live_in_a_bucket_and_outlast_its_absence() {
    let mut bucket = S3Server::start();
    let server = server_with(&bucket);
    let mei = server.admin("mei");
    mei.create_repository("weights");
    let mut git = Git::of(&mei);
    git.run(&["lfs", "install", "--skip-repo"]);
    let attributes = "*.bin filter=lfs diff=lfs merge=lfs -text\n";
    git.begin("weights", &mei.clone_address("weights"), &[(".gitattributes", attributes)]);
    git.write("model.bin", noise(3, WEIGHTS));
    git.commit("Add the weights");
    git.run(&["push"]);
    let listed = git.run(&["lfs", "ls-files", "--long"]);
    let oid = listed.split_whitespace().next().unwrap().to_owned();
    let object = bucket.objects().join("site").join(&oid[..2]).join(&oid[2..4]).join(&oid);
    assert_eq!(object.metadata().unwrap().len(), WEIGHTS as u64);
    assert_eq!(bucket.parts(), 0);
    assert!(!server.data().join("blobs").join(&oid[..2]).exists(), "nothing of it stays on this machine");

    let mut reader = Git::anonymous();
    reader.run(&["lfs", "install", "--skip-repo"]);
    reader.run(&["clone", "--quiet", &mei.clone_address("weights"), "copy"]);
    reader.enter("copy");
    assert!(std::fs::read(reader.folder().join("model.bin")).unwrap() == noise(3, WEIGHTS));

    bucket.stop();
    let begun = Instant::now();
    let media = mei.repository_api("weights", "/media/model.bin");
    let away = mei.api.get(&media).expect(503);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
    assert_eq!(away.json()["code"], "unavailable");
    assert!(away.json()["message"].as_str().unwrap().contains("large file storage"), "{}", away.json());
    assert!(!away.header("retry-after").is_empty());
    drop(mei.api.get(&mei.repository_api("weights", "/contents/model.bin")).expect(200));
    git.write("README.md", "What is small goes on.\n");
    git.commit("Say what it is");
    git.run(&["push"]);
    let told = server.attempt(&["doctor"]).out;
    assert!(told.contains("BAD   large files") && told.contains("does not answer"), "{}", told);

    bucket.start_again();
    drop(mei.api.get(&media).expect(200));
    let told = server.attempt(&["doctor"]).out;
    assert!(told.contains("ok    large files: bucket objects"), "{}", told);
    assert!(!told.contains("is missing"), "{}", told);
}
