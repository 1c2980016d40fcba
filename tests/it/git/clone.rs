//! Cloning and fetching.

use hearth_tests::{Git, TestServer, noise};

/// A repository of `mei`'s with a few commits, and its address.
fn history(server: &TestServer, commits: u32) -> (Git, String) {
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let address = mei.clone_address("llm");
    let mut git = Git::of(&mei);
    git.begin("llm", &address, &[("README.md", "# LLM\n"), ("src/train.py", "print('loss=1')\n")]);
    for number in 1..commits {
        git.write("src/step.txt", format!("{number}\n"));
        git.commit(&format!("Step {number}"));
    }
    git.run(&["push", "--quiet"]);
    (git, address)
}

#[test]
fn a_clone_holds_what_was_pushed() {
    let server = TestServer::start();
    let (author, address) = history(&server, 3);
    let mut reader = Git::anonymous();
    reader.run(&["clone", "--quiet", &address, "copy"]);
    reader.enter("copy");
    assert_eq!(reader.head(), author.head());
    assert_eq!(reader.run(&["rev-list", "--count", "HEAD"]).trim(), "3");
    reader.run(&["fsck", "--strict"]);
}

#[test]
fn a_fetch_brings_only_what_is_new() {
    let server = TestServer::start();
    let (author, address) = history(&server, 2);
    let mut reader = Git::anonymous();
    reader.run(&["clone", "--quiet", &address, "copy"]);
    reader.enter("copy");
    author.write("new.txt", "new\n");
    let commit = author.commit("One more");
    author.run(&["push", "--quiet"]);
    let trace = reader.program("git", &["pull", "--progress"], &[("GIT_TRACE_PACKET", "1")]);
    assert!(trace.succeeded, "{}", trace.err);
    assert_eq!(reader.head(), commit);
    assert!(trace.err.contains("have "), "the client says what it has:\n{}", trace.err);
}

#[test]
fn git_speaks_protocol_version_two() {
    let server = TestServer::start();
    let (_, address) = history(&server, 1);
    let listed =
        Git::anonymous().program("git", &["ls-remote", "--symref", &address], &[("GIT_TRACE_PACKET", "1")]);
    assert!(listed.out.contains("ref: refs/heads/main\tHEAD"), "{}", listed.out);
    assert!(listed.err.contains("< version 2"), "{}", listed.err);
}

#[test]
fn a_shallow_clone_has_one_commit_and_can_be_deepened() {
    let server = TestServer::start();
    let (_, address) = history(&server, 5);
    let mut reader = Git::anonymous();
    reader.run(&["clone", "--quiet", "--depth=1", &address, "copy"]);
    reader.enter("copy");
    assert_eq!(reader.run(&["rev-list", "--count", "HEAD"]).trim(), "1");
    reader.run(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(reader.run(&["rev-list", "--count", "HEAD"]).trim(), "5");
}

#[test]
fn a_partial_clone_fetches_a_file_when_it_is_read() {
    let server = TestServer::start();
    let (_, address) = history(&server, 4);
    let mut reader = Git::anonymous();
    reader.run(&["clone", "--quiet", "--filter=blob:none", "--no-checkout", &address, "copy"]);
    reader.enter("copy");
    let missing = || {
        let objects = reader.run(&["rev-list", "--objects", "--all", "--missing=print"]);
        objects.lines().filter(|line| line.starts_with('?')).count()
    };
    assert!(missing() >= 4, "{} files are missing", missing());
    assert_eq!(reader.run(&["show", "HEAD:README.md"]), "# LLM\n");
    reader.run(&["checkout", "--quiet", "main"]);
    assert!(missing() > 0, "old versions are not fetched");
}

#[test]
fn a_long_negotiation_is_compressed_and_understood() {
    let server = TestServer::start();
    let (author, address) = history(&server, 2);
    let mut reader = Git::anonymous();
    reader.run(&["clone", "--quiet", &address, "copy"]);
    reader.enter("copy");
    // Later than the common commit; otherwise git names that one first and its request stays short.
    let later = |number| format!("2030-01-01T00:{number:02}:00Z");
    for number in 0..60 {
        let arguments = ["commit", "--quiet", "--allow-empty", "--message", "Mine, never pushed"];
        let made = reader.program("git", &arguments, &[("GIT_COMMITTER_DATE", &later(number))]);
        assert!(made.succeeded, "{}", made.err);
    }
    author.write("new.txt", "new\n");
    let commit = author.commit("One more");
    author.run(&["push", "--quiet"]);
    let fetched =
        reader.program("git", &["fetch"], &[("GIT_TRACE_CURL", "1"), ("GIT_TRACE_CURL_NO_DATA", "1")]);
    assert!(fetched.succeeded, "{}", fetched.err);
    assert!(fetched.err.to_lowercase().contains("content-encoding: gzip"), "{}", fetched.err);
    assert_eq!(reader.run(&["rev-parse", "origin/main"]).trim(), commit);
}

#[test]
fn large_files_are_not_compared_with_each_other() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("weights");
    let address = mei.clone_address("weights");
    let mut author = Git::of(&mei);
    author.begin("weights", &address, &[("README.md", "# Weights\n")]);
    let mut weights = noise(5, 9 << 20);
    author.write("one.bin", &weights);
    weights[4 << 20] ^= 1;
    author.write("two.bin", &weights);
    author.commit("Two that are nearly the same");
    author.run(&["push", "--quiet"]);
    let reader = Git::anonymous();
    reader.run(&["clone", "--quiet", "--bare", &address, "copy.git"]);
    let sizes =
        reader.run(&["-C", "copy.git", "cat-file", "--batch-all-objects", "--batch-check=%(deltabase)"]);
    assert!(sizes.lines().all(|base| base.bytes().all(|digit| digit == b'0')), "{sizes}");
}
