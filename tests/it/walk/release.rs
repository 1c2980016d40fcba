//! A release from the form to its page, and a branch that is renamed, deleted and restored, with a mouse and without scripts.

use hearth_tests::{Git, TestServer};

use super::{Walk, hands::Hands};

#[test]
fn a_release_is_published_and_a_deleted_branch_comes_back() {
    walk(Hands::Mouse);
}

#[test]
fn the_same_works_without_scripts() {
    walk(Hands::WithoutScripts);
}

fn walk(hands: Hands) {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut author = Git::of(&mei);
    author.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    author.run(&["push", "--quiet", "origin", "HEAD:refs/heads/topic"]);
    let mut walk = Walk::with(&server, hands);
    walk.sign_in(&mei);

    walk.browser.goto("/mei/llm/releases");
    walk.picture("70-no-releases");
    walk.browser.goto("/mei/llm/releases/new");
    walk.picture("71-new-release");
    walk.write("[name=tag_name]", "v1.0");
    walk.write("[name=title]", "First words");
    walk.write("[name=notes]", "It **reads**.");
    walk.press("button[name=act][value=publish]");
    assert_eq!(walk.browser.path(), "/mei/llm/releases/tag/v1.0");
    assert!(walk.browser.words().contains("First words"), "{}", walk.browser.words());
    walk.picture("72-release");
    walk.browser.goto("/mei/llm/releases");
    walk.picture("73-releases");

    walk.browser.goto("/mei/llm/branches");
    walk.picture("74-branches");
    walk.browser.click("summary[aria-label=\"Delete topic\"]");
    walk.press("form[action$=\"/branches/delete\"] button.button-danger");
    walk.picture("75-deleted-branches");
    walk.browser.click(".references-deleted > summary");
    walk.press("form[action$=\"/branches/restore\"] button");
    assert!(walk.browser.has("a[href=\"/mei/llm/src/branch/topic\"]"), "{}", walk.browser.words());

    walk.press("form[action$=\"/mei/llm/star\"] button");
    walk.browser.goto("/mei/llm/stars");
    walk.picture("76-stars");
    assert!(walk.browser.has("a[href=\"/mei\"]"));
    walk.end();
}
