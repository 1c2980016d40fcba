//! A conflict that is resolved on the page.

use super::{Hands, Stage, TRAIN};

#[test]
fn a_conflict_is_shown_and_resolved_on_the_page() {
    let stage = Stage::set();
    stage.push(&stage.mei, "half", &[("train.py", &TRAIN.replace("0.1", "0.5"))]);
    stage.push(&stage.lin, "tenth", &[("train.py", &TRAIN.replace("0.1", "0.01"))]);
    let pulls = [("half", &stage.mei), ("tenth", &stage.lin)]
        .map(|(branch, person)| hearth_tests::PullRequest::open(person, "mei/line", branch, "main"));
    stage.followed(2);
    let _ = pulls[0].merge(&stage.lin, "merge").expect(200);
    let pull = stage.followed(3);

    let mut lin = stage.walk(&stage.lin, Hands::Mouse);
    lin.browser.goto(&pull.page(""));
    let words = lin.browser.words();
    assert!(words.contains("There are conflicts with the base branch."), "{words}");
    lin.browser.click(".conflict > summary");
    assert!(lin.browser.text(".conflict-sides").contains("rate = 0.5"), "{}", lin.browser.words());
    lin.picture("55-conflict");
    lin.press("main a.button[href$=\"/resolve\"]");
    let text = lin.browser.script("return document.querySelector('textarea[name=content]').value");
    let text = text.as_str().unwrap_or_default();
    assert!(
        text.contains("rate = 0.5") && text.contains("rate = 0.01") && text.contains("<<<<<<<"),
        "{text}"
    );
    lin.picture("56-conflict-editor");

    // What is left of the marks is refused, with what was typed.
    lin.press("form[action$=\"/resolve\"] .actions button.button");
    assert!(lin.browser.has("[role=alert]"), "{}", lin.browser.words());
    lin.write("textarea[name=content]", &TRAIN.replace("0.1", "0.05"));
    lin.press("form[action$=\"/resolve\"] .actions button.button");
    assert_eq!(lin.browser.path(), pull.page(""));
    stage.followed(pull.number);
    lin.browser.goto(&pull.page(""));
    lin.merge("merge");
    stage.git.run(&["fetch", "--quiet", "origin", "main"]);
    let merged = stage.git.run(&["show", "FETCH_HEAD:train.py"]);
    assert!(merged.contains("rate = 0.05"), "{merged}");
    lin.end();
}
