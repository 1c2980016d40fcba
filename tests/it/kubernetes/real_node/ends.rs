//! How programs end in real pods: by themselves, by the kernel, by a time limit, and by their owner.

use hearth_tests::{Site, TestCluster, wait_until};
use serde_json::{Value, json};

use super::PATIENCE;

const PROGRAM: &str = "\
import argparse, os, signal, sys, time
parser = argparse.ArgumentParser()
parser.add_argument('--end')
end = parser.parse_args().end
print('began', flush=True)
if end == 'code':
    sys.exit(3)
if end == 'signal':
    os.kill(os.getpid(), signal.SIGSEGV)
if end == 'memory':
    kept = []
    while True:
        kept.append(bytearray(b'x') * (8 << 20))
time.sleep(600)
";

/// A parameter, the expected result, and the message about it.
const ENDS: [(&str, &str, &str, &str); 5] = [
    ("code", "FAILED", "run.exit_nonzero", "The program failed with exit code 3."),
    ("signal", "FAILED", "run.signal", "The program was ended by signal SIGSEGV."),
    ("memory", "FAILED", "run.oom", "Out of memory: the program used more than the spec provides."),
    ("time", "FAILED", "limit.time", "The task reached its time limit."),
    ("stop", "STOPPED", "user.stop", "Stopped by a user"),
];

fn launch(site: &Site, end: &str) -> u64 {
    let mut asked =
        json!({ "spec": "small", "image": "python", "parameters": [{ "name": "end", "value": end }] });
    if end == "time" {
        asked["time_limit_seconds"] = json!(2);
    }
    site.launch_with(&site.mei, &asked)
}

#[test]
fn every_end_of_a_program_in_a_real_pod_has_its_reason_and_its_sentence() {
    let Some((cluster, address)) = TestCluster::with_real_node() else { return };
    let site = Site::at(cluster, &address, PROGRAM);
    site.make_pool_of("real", "nvidia", "", "pool=real");
    site.make_small_spec("small", "128 MiB");
    site.make_image("python", &[("cpu", "hearth.test/python:1")]);
    let tasks = ENDS.map(|(end, ..)| launch(&site, end));
    wait_until("the last one to begin", PATIENCE, || site.log(tasks[4]).contains("began"));
    site.stop(tasks[4]);
    for (task, (_, state, reason, sentence)) in tasks.into_iter().zip(ENDS) {
        site.wait_for_state(task, state);
        let found: Value = site.task(task);
        assert_eq!(
            (&found["reason"], &found["attempts"]),
            (&json!(reason), &json!(1)),
            "{}",
            site.timeline(task)
        );
        site.wait_for_words(&format!("/tasks/{task}"), &[sentence, reason]);
        assert!(site.log(task).starts_with("began\n"), "{}", site.log(task));
    }
}
