//! Pull requests on top of each other.

use hearth_tests::wait_until;

use super::{PATIENCE, Scene};

fn lines(name: &str) -> String {
    (1..=9).flat_map(|number| [name.to_owned(), format!(" {number}\n")]).collect()
}

#[test]
fn squashing_the_lower_one_moves_the_upper_one_onto_its_base_with_its_comments() {
    let scene = Scene::new();
    scene.push_branch("lower", "lower.txt", &lines("lower"));
    scene.git.run(&["switch", "--quiet", "--create", "upper", "lower"]);
    scene.git.write("upper.txt", lines("upper"));
    let upper_head = scene.git.commit("Add upper.txt");
    scene.git.run(&["push", "--quiet", "origin", "upper"]);
    scene.git.run(&["switch", "--quiet", "main"]);
    let (lower, upper) = (scene.open("lower", "main"), scene.open("upper", "lower"));
    upper.wait_until_followed(&scene.server);
    upper.comment_on(&scene.lin, &upper_head, ("upper.txt", 5), "Why five?");
    // The base goes on meanwhile.
    scene.git.write("README.md", "# Another LLM\n");
    scene.git.commit("Say more");
    scene.git.run(&["push", "--quiet"]);

    let _ = lower.merge(&scene.lin, "squash").expect(200);
    wait_until("the upper one to be moved", PATIENCE, || upper.card(&scene.mei)["base"]["ref"] == "main");
    upper.wait_until_followed(&scene.server);
    let card = upper.card(&scene.mei);
    assert_eq!(card["state"], "open", "{card}");
    let main = scene.tip("refs/heads/main");
    assert_eq!(card["merge_base"], main, "it stands on top of what was merged");
    assert_ne!(card["head"]["sha"], upper_head);
    assert_eq!(card["head"]["sha"], scene.tip("refs/heads/upper"), "its branch was moved");
    scene.git.run(&["fetch", "--quiet", "origin", "upper"]);
    assert_eq!(scene.git.run(&["rev-list", "--count", &format!("{main}..FETCH_HEAD")]).trim(), "1");
    assert_eq!(scene.git.run(&["diff", "--name-only", &main, "FETCH_HEAD"]), "upper.txt\n");

    let place = "SELECT p.path, p.first_line FROM line_comment_places p ORDER BY p.version DESC LIMIT 1";
    assert_eq!(scene.server.ask_database(place), ["upper.txt|5"]);
    let files = scene.server.anonymous().get(&upper.page("files")).expect(200);
    assert!(files.body.contains("Why five?") && !files.body.contains("lower.txt"), "{}", files.body);
    let _ = upper.merge(&scene.lin, "rebase").expect(200);
    assert_eq!(scene.commits_of("lower.txt"), 1);
    assert_eq!(scene.commits_of("upper.txt"), 1);
}
