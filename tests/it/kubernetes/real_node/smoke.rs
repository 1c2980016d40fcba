//! Smoke tasks: an image is tested on real machines from the command line.

use hearth_tests::{Site, TestCluster, wait_until};

use super::PATIENCE;

#[test]
fn images_are_tried_from_the_command_line_and_the_matrix_says_what_came_of_it() {
    let Some((cluster, address)) = TestCluster::with_real_node() else { return };
    let site = Site::at(cluster, &address, "");
    site.make_pool_of("real", "nvidia", "", "pool=real");
    site.make_small_spec("small", "128 MiB");
    site.make_spec("one-card", "nvidia", 1, "");
    // The image contains only Python: neither PyTorch nor the command that lists cards.
    let here = "hearth.test/python:1";
    site.make_image_of("plain", "Python", &[("cpu", here), ("cuda", here)]);
    site.make_image_of("torch", "PyTorch", &[("cpu", here)]);
    let choices = site.mei.api.get(&site.mei.repository_api("llm", "/tasks/choices")).expect(200).json();
    let codes = choices["images"].as_array().unwrap().iter().map(|image| &image["code"]);
    assert_eq!(codes.collect::<Vec<_>>(), ["plain", "torch"], "no interpreter of this machine is offered");
    let list = || site.server.hearth(&["admin", "images", "list"], "");
    let line = |code: &str| {
        let listed = list();
        let found = listed.lines().find(|line| line.starts_with(&format!("{code}\t")));
        found.unwrap_or_else(|| panic!("no image {code}: {listed}")).to_owned()
    };
    let matrix = || site.page("/-/admin/compute/matrix");
    assert!(matrix().contains("Not tested"), "{}", matrix());
    wait_until("the machine to be known", PATIENCE, || {
        site.page("/-/admin/compute/nodes").contains("Test-Card")
    });

    let said = site.server.hearth(&["admin", "images", "test", "--user", "mei"], "");
    assert!(said.contains("Smoke tests queued"), "{said}");
    wait_until("the smoke tasks to end", PATIENCE, || {
        let lines = format!("{}\n{}", line("plain"), line("torch"));
        lines.matches(": passed ").count() + lines.matches(": failed ").count() == 3
    });
    let (plain, torch) = (line("plain"), line("torch"));
    assert!(plain.contains("cpu: passed ") && plain.contains("nvidia: failed "), "{plain}");
    assert!(torch.contains("cpu: failed "), "{torch}");

    let path = "/api/v1/repos/mei/hearth-smoke/tasks";
    let tasks = site.mei.api.get(path).expect(200).json();
    let task = |name: &str| {
        let found = tasks.as_array().unwrap().iter().find(|task| task["name"] == name);
        found.unwrap_or_else(|| panic!("no task {name}: {tasks}"))["id"].as_u64().unwrap()
    };
    let passed = task("smoke plain cpu");
    assert!(site.log(passed).starts_with("python 3."), "{}", site.log(passed));
    assert!(site.log(passed).ends_with("value=1\n"), "{}", site.log(passed));
    let without_card = site.log(task("smoke plain nvidia"));
    assert!(without_card.contains("nvidia-smi"), "{without_card}");
    let without_framework = site.log(task("smoke torch cpu"));
    assert!(without_framework.contains("No module named 'torch'"), "{without_framework}");

    let shown = matrix();
    let ended = site.task(passed);
    let day = &ended["ended_at"].as_str().unwrap()[..10];
    for words in ["Passed", "Failed", day, &format!("href=\"/tasks/{passed}\"")] {
        assert!(shown.contains(words), "{words} is missing: {shown}");
    }
}
