//! A connection that breaks under git at any byte.

use std::time::Duration;

use hearth_tests::{BreakingProxy, Dice, Git, TestServer, noise, wait_until};

const PATIENCE: Duration = Duration::from_mins(1);
const ROUNDS: usize = 16;
/// More than one of these transfers needs, including request heads.
const MOST_BYTES: usize = 340_000;

#[test]
fn pushes_and_clones_over_a_wire_that_breaks_leave_nothing_and_are_no_fault() {
    let server = TestServer::builder().setting("log.level", "info").start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut dice = Dice::drawn();
    eprintln!("HEARTH_TEST_SEED={}", dice.seed());
    let wire = BreakingProxy::to(&server.url(""));
    let near = wire.carrying(0);
    let mut git = Git::with_password("mei", &mei.token, &near);
    git.run(&["init", "--quiet", "llm"]);
    git.enter("llm").write("README.md", "# LLM\n");
    git.commit("Begin");
    git.run(&["remote", "add", "origin", &format!("{near}/mei/llm.git")]);
    wire.carrying(i64::MAX);
    git.run(&["push", "--quiet", "origin", "main"]);

    let (mut broken, mut whole) = (0, 0);
    for round in 0..ROUNDS {
        git.write("weights.bin", noise(300 + round as u64, 150_000));
        let commit = git.commit(&format!("Weights {round}"));
        wire.carrying(i64::try_from(1 + dice.below(MOST_BYTES)).unwrap());
        let pushed = git.attempt(&["push", "--quiet", "origin", "main"]);
        let was_broken = wire.is_broken();
        wire.carrying(i64::MAX);
        // A push may be done although its answer was lost, but nothing else.
        assert!(pushed.succeeded || was_broken, "{}", pushed.err);
        let tip = git.run(&["ls-remote", "origin", "refs/heads/main"]);
        assert!(tip.starts_with(&commit) || !pushed.succeeded, "what was acknowledged is there: {tip}");
        git.run(&["push", "--quiet", "origin", "main"]);

        wire.carrying(i64::try_from(1 + dice.below(MOST_BYTES)).unwrap());
        let copy = format!("../copy-{round}");
        let cloned = git.attempt(&["clone", "--quiet", "--depth=1", &format!("{near}/mei/llm.git"), &copy]);
        let clone_was_broken = wire.is_broken();
        wire.carrying(i64::MAX);
        assert!(cloned.succeeded || clone_was_broken, "{}", cloned.err);
        broken += usize::from(was_broken) + usize::from(clone_was_broken);
        whole += usize::from(pushed.succeeded) + usize::from(cloned.succeeded);
    }
    assert!(broken > 0 && whole > 0, "{broken} broke, {whole} went through");

    wait_until("the last git to end", PATIENCE, || server.processes("-pack").is_empty());
    let metrics = || server.anonymous().get("/metrics").body;
    wait_until("all places to be free", PATIENCE, || metrics().contains("hearth_transfers_open 0"));
    let log = server.log();
    assert!(!log.contains("ERROR") && !log.contains("status=500"), "it is no fault of the server's");
    let found = server.attempt(&["doctor", "--deep"]);
    assert!(found.succeeded, "{}{}", found.out, found.err);
    let tip = server.ask_database("SELECT new_id FROM pushes ORDER BY id DESC LIMIT 1");
    assert_eq!(tip, [git.head()], "the last push is recorded");
    let left = git.program("find", &[&server.data().display().to_string(), "-name", "tmp_objdir*"], &[]);
    assert_eq!(left.out, "", "a quarantine is left");
}
