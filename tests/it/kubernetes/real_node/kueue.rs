//! A real agent that is preempted by Kueue.

use hearth_tests::{Site, TestCluster, wait_until};

use super::PATIENCE;

const PROGRAM: &str = "\
import signal, sys, time
def save(*_):
    print('saved', flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
print('began', flush=True)
time.sleep(600)
";

#[test]
fn a_program_whose_place_kueue_takes_back_has_time_to_save_and_is_told_why_it_ended() {
    let Some((cluster, address)) = TestCluster::with_real_node() else { return };
    if !cluster.has_kueue() {
        return;
    }
    let site = Site::at(cluster, &address, PROGRAM);
    site.make_queued_pool("real", "nvidia", "pool=real");
    site.make_small_spec("small", "128 MiB");
    site.make_image("python", &[("cpu", "hearth.test/python:1")]);
    site.make_cluster_queue("pool", "real");
    site.make_local_queue();
    let task = site.launch("small", "python");
    wait_until("the program to begin", PATIENCE, || site.log(task).contains("began"));
    site.drain_cluster_queue();
    site.wait_for_state(task, "FAILED");
    assert!(site.log(task).contains("saved"), "{}", site.log(task));
    let sentence = "The cluster queue suspended the running task.";
    site.wait_for_words(
        &format!("/tasks/{task}"),
        &[sentence, "run.suspended", "The ClusterQueue is stopped"],
    );
}
