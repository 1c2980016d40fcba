//! The tools of the other tests, and basic smoke tests.

use std::time::Duration;

use hearth_tests::{Browser, Git, Screen, noise};

#[test]
fn a_real_browser_shows_a_page_on_both_screens() {
    let browser = Browser::open("data:text/html;charset=utf-8,<title>Hearth</title><p id=p>火炉</p>");
    browser.goto("");
    assert_eq!(browser.title(), "Hearth");
    browser.wait_for_words("火炉", Duration::from_secs(5));
    browser.screen(Screen { width: 360, dark: true });
    assert_eq!(browser.overflow(), 0);
    assert!(browser.picture("tools-360").is_file());
    assert!(!browser.has("#absent"));
}

#[test]
fn the_git_of_a_test_knows_nothing_of_the_developer() {
    let mut git = Git::anonymous();
    git.run(&["init", "--quiet", "here"]);
    git.enter("here").write("a/b.bin", noise(1, 1000));
    let commit = git.commit("Begin");
    assert_eq!(commit.len(), 40);
    assert_eq!(git.run(&["log", "--format=%an %ae"]).trim(), "Nobody nobody@example.org");
    assert!(!git.attempt(&["rev-parse", "absent"]).succeeded);
}
