//! The patch of an unpushed tree, applied to malicious code.

use std::path::Path;

use hearth_core::{Reason, TaskState};
use hearth_runner::{protocol::Finish, sandbox::Fence};
use sha2::{Digest, Sha256};

use crate::setup::{Stage, tar};

const PATCH: &str = "\
diff --git a/train.py b/train.py
--- a/train.py
+++ b/train.py
@@ -1 +1 @@
-print('before')
+print('after')
";

/// A patch that creates a link where the agent writes a marker.
fn with_link(target: &Path) -> String {
    format!(
        "{PATCH}diff --git a/.code_cache_file b/.code_cache_file\nnew file mode 120000\n--- /dev/null\n+++ b/.code_cache_file\n\
         @@ -0,0 +1 @@\n+{}\n\\ No newline at end of file\n",
        target.display()
    )
}

async fn patched(files: &[(&str, &str)], patch: &str) -> Stage {
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(patch));
    let files: Vec<_> = files.iter().copied().chain([("train.py", "print('before')\n")]).collect();
    let stage = Stage::with_all(tar(&files), vec![], |spec| spec.code.patch_sha256 = Some(sha256)).await;
    stage.server.known.record.write_patch(patch.as_bytes()).unwrap();
    stage
}

fn assert_patched(stage: &Stage, finish: &Finish) {
    let log = stage.server.log();
    assert_eq!((finish.outcome.state, log.as_str()), (TaskState::Succeeded, "after\n"), "{log}");
}

/// Code that looks like a repository is only a folder of files: none of its programs is started, in or out of
/// the sandbox.
#[tokio::test(flavor = "multi_thread")]
async fn code_that_looks_like_a_repository_starts_nothing() {
    for fence in [Fence::None, Fence::Bubblewrap] {
        let trace = tempfile::tempdir().unwrap();
        let touch = format!("touch {}", trace.path().join("started").display());
        let config = format!(
            "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = .\n\tfsmonitor = {touch}\n\thooksPath = hooks\n\
             [filter \"x\"]\n\tclean = \"{touch}; cat\"\n\tsmudge = \"{touch}; cat\"\n\tprocess = {touch}\n\trequired = true\n"
        );
        let files = [
            ("HEAD", "ref: refs/heads/main\n"),
            ("objects/info/packs", ""),
            ("refs/heads/none", ""),
            ("config", config.as_str()),
            ("info/attributes", "* filter=x\n"),
            (".gitattributes", "* filter=x\n"),
        ];
        let stage = patched(&files, PATCH).await;
        let finish = stage.run_behind(fence).await;
        assert_patched(&stage, &finish);
        assert_eq!(std::fs::read_dir(trace.path()).unwrap().count(), 0, "{fence:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mark_of_the_agent_is_not_written_through_a_link_of_a_patch() {
    let elsewhere = tempfile::tempdir().unwrap();
    let (precious, new) = (elsewhere.path().join("precious"), elsewhere.path().join("new"));
    std::fs::write(&precious, "kept").unwrap();
    for target in [&precious, &new] {
        let mut stage = patched(&[], &with_link(target)).await;
        let finish = stage.run().await;
        assert_patched(&stage, &finish);
    }
    assert_eq!(std::fs::read_to_string(&precious).unwrap(), "kept");
    assert!(!new.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_that_does_not_apply_says_so_in_gits_words() {
    let mut stage = patched(&[], &PATCH.replace("before", "other")).await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::StageCode));
    assert!(stage.server.log().contains("patch does not apply"), "{}", stage.server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_reaches_nothing_outside_the_code() {
    let elsewhere = tempfile::tempdir().unwrap();
    let victim = elsewhere.path().join("train.py");
    std::fs::write(&victim, "print('before')\n").unwrap();
    let link = format!(
        "diff --git a/link b/link\nnew file mode 120000\n--- /dev/null\n+++ b/link\n@@ -0,0 +1 @@\n+{}\n\\ No newline at end of file\n",
        elsewhere.path().display()
    );
    let through = format!("{link}{}", PATCH.replace("train.py", "link/train.py"));
    let above = PATCH.replace("train.py", &format!("../../../../../../../..{}", victim.display()));
    for patch in [through, above] {
        let mut stage = patched(&[], &patch).await;
        let finish = stage.run().await;
        assert_eq!(finish.outcome.reason, Reason::StageCode, "{}", stage.server.log());
    }
    assert_eq!(std::fs::read_to_string(victim).unwrap(), "print('before')\n");
}
