//! From a pushed branch to a merged one, with everything in between, in pictures.

use hearth_tests::{PullRequest, wait_until};
use serde_json::json;

use super::{Hands, Stage, TRAIN, line_above, tab};
use crate::walk::Walk;

const README: &str = "# A line\n\nLearns a line, and faster.\n";

#[test]
fn two_people_review_rework_and_merge_what_one_of_them_pushed() {
    let stage = Stage::set();
    let (mut mei, mut lin) = (stage.walk(&stage.mei, Hands::Mouse), stage.walk(&stage.lin, Hands::Mouse));
    // The branch begins before this commit of main.
    let proposed = TRAIN
        .replace("0.1", "0.5")
        .replace("    return math.cos(x) + 1", "    y = math.cos(x)\n    return y + 1");
    let address = stage.push(&stage.mei, "idea", &[("train.py", &proposed), ("README.md", README)]);
    stage.git.write("notes.md", "Keep notes.\n");
    stage.git.commit("Keep notes");
    stage.git.run(&["push", "--quiet"]);

    protect_main(&mut mei);
    let pull = open(&stage, &mut mei, &address);
    ask_for_changes(&mut lin, &pull);
    let rebased = rework(&stage, &mut mei, &pull);
    look_again_and_approve(&mut lin, &pull);
    merge(&stage, &mut mei, &pull, &rebased);
    mei.end();
    lin.end();
}

fn protect_main(mei: &mut Walk) {
    mei.browser.goto("/mei/line/settings/rules");
    mei.press("main a.button[href=\"/mei/line/settings/rules/new\"]");
    mei.picture("40-new-rule");
    mei.choose("push", "nobody");
    mei.tick("[name=blocks_on_changes_requested]");
    mei.tick("[name=lapses_on_change]");
    mei.write("[name=pattern]", "main");
    mei.write("[name=approvals]", "1");
    mei.press("main form .actions button.button");
    assert!(mei.browser.has(".rule-demands li"), "{}", mei.browser.words());
    mei.picture("41-rules");
}

fn open(stage: &Stage, mei: &mut Walk, address: &str) -> PullRequest {
    mei.browser.goto_address(address);
    mei.picture("42-new-pull-request");
    let title = mei.browser.script("return document.querySelector('.compare-new [name=title]').value");
    assert_eq!(title, "Learn faster", "the only commit is its proposal");
    mei.write(".compare-new [name=body]", "A higher rate.\n\nCloses #1");
    mei.tick("[name=reviewers][value=lin]");
    mei.press(".compare-new .actions button.button");
    let pull = stage.followed(2);
    assert_eq!(mei.browser.path(), pull.page(""));
    let head = pull.card(&stage.mei)["head"]["sha"].as_str().unwrap_or_default().to_owned();
    let status = json!({ "context": "ci/train", "state": "success", "description": "loss=0.00012" });
    let path = stage.mei.repository_api("line", &format!("/statuses/{head}"));
    let _ = stage.mei.api.post(&path, &status).expect(201);
    mei.browser.goto(&pull.page(""));
    let words = mei.browser.words();
    assert!(words.contains("Waiting for a review by lin."), "{words}");
    assert!(!mei.browser.has(super::MERGE), "an approval is missing: {words}");
    mei.picture("43-pull-request");
    mei.browser.goto("/mei/line/pulls");
    assert!(mei.browser.words().contains("Learn faster"));
    mei.picture("44-pull-requests");
    pull
}

fn ask_for_changes(lin: &mut Walk, pull: &PullRequest) {
    lin.browser.goto("/");
    assert!(lin.browser.words().contains("your review is requested"), "{}", lin.browser.words());
    lin.picture("45-dashboard-of-a-reviewer");
    lin.press(&format!("main a[href=\"{}\"]", pull.page("")));
    lin.press(&tab(pull, "files"));
    lin.begin_comment("train.py", "R3");
    lin.say("Half is a lot. Is it stable?", "review");
    // The second line that is clicked is the other end.
    lin.click_line("train.py", "R6");
    lin.click_line("train.py", "R8");
    let ends = "const form = document.querySelector('form.say');
        return [form.elements.first_line.value, form.elements.last_line.value].join()";
    assert_eq!(lin.browser.script(ends), "6,8");
    lin.say("One line would do.", "review");
    lin.begin_comment("train.py", "R4");
    lin.browser.click("form.say [data-suggest]");
    let offered = lin.browser.script("return document.querySelector('form.say textarea').value");
    assert_eq!(offered, "```suggestion\nsteps = 100\n```\n");
    lin.say("```suggestion\nsteps = 1000\n```", "review");
    lin.browser.goto(&pull.page("files"));
    assert!(line_above(&lin.browser, "Is it stable?").contains("rate = 0.5"));
    lin.picture("46-files");
    lin.press(".review-bar a.diff-view");
    assert!(lin.browser.has(".diff-split"), "in two columns");
    lin.picture("47-files-side-by-side");
    lin.press(".review-bar a.diff-view");
    for file in ["README.md", "train.py"] {
        let button = format!(".diff[data-path=\"{file}\"] .diff-viewed");
        lin.browser.click(&button);
        lin.browser.wait_for(&format!("{button}[aria-pressed=true]"), super::PATIENCE);
    }
    wait_until("both to be noted as viewed", super::PATIENCE, || {
        lin.browser.goto(&pull.page("files"));
        lin.browser.text("#viewed-count").contains("2 of 2")
    });
    lin.review("request-changes", "Nearly.");
    let words = lin.browser.words();
    assert!(
        words.contains("requested changes to version 1") && words.contains("One line would do."),
        "{words}"
    );
}

/// mei applies the suggestion, and force-pushes all of it on top of main. Returns the new head.
fn rework(stage: &Stage, mei: &mut Walk, pull: &PullRequest) -> String {
    mei.browser.goto("/");
    assert!(mei.browser.words().contains("changes requested by a reviewer"), "{}", mei.browser.words());
    mei.press(&format!("main a[href=\"{}\"]", pull.page("")));
    assert!(mei.browser.words().contains("mei has to answer a review."), "{}", mei.browser.words());
    mei.picture("48-changes-requested");
    mei.press(&tab(pull, "files"));
    mei.press("form[action$=\"/suggestions\"] button[name=comments]");
    stage.followed(pull.number);

    let git = &stage.git;
    git.run(&["fetch", "--quiet", "origin"]);
    git.run(&["switch", "--quiet", "idea"]);
    assert!(git.run(&["log", "-1", "--format=%B"]).contains("Co-authored-by: lin"));
    assert!(git.run(&["show", "HEAD:train.py"]).contains("steps = 1000"));
    git.run(&["rebase", "--quiet", "origin/main"]);
    let changed = git
        .run(&["show", "HEAD:train.py"])
        .replace("    y = math.cos(x)\n    return y + 1", "    return math.cos(x) + 1.0");
    git.write("train.py", changed);
    git.run(&["commit", "--quiet", "--all", "--amend", "--no-edit"]);
    let pushed = git.attempt(&["push", "--force", "origin", "idea"]);
    assert!(pushed.succeeded && pushed.err.contains("idea has pull request #2:"), "{}", pushed.err);
    stage.followed(pull.number);
    mei.browser.goto(&pull.page(""));
    mei.press(".reviewers button[name=request][value=lin]");
    assert!(mei.browser.words().contains("Waiting for a review by lin."), "{}", mei.browser.words());
    mei.press(&tab(pull, "commits"));
    mei.picture("49-commits");
    git.head()
}

fn look_again_and_approve(lin: &mut Walk, pull: &PullRequest) {
    lin.browser.goto(&pull.page(""));
    lin.press(&tab(pull, "files"));
    assert!(
        lin.browser.path().contains("since=1"),
        "what is new since the last look: {}",
        lin.browser.path()
    );
    assert!(lin.browser.has(".pairs .pair"), "{}", lin.browser.words());
    lin.picture("50-what-changed-since");
    lin.press(".notice a[href$=\"?since=0\"]");
    let pressed = |file: &str| {
        let button = format!(".diff[data-path=\"{file}\"] .diff-viewed");
        lin.browser.attribute(&button, "aria-pressed").unwrap_or_default()
    };
    assert_eq!(pressed("README.md"), "true", "nothing of it has changed");
    assert_eq!(pressed("train.py"), "false", "it is to be looked at again");
    assert!(
        line_above(&lin.browser, "Is it stable?").contains("rate = 0.5"),
        "the comment is where its line is"
    );
    let outdated = "return [...document.querySelectorAll('.line-thread')].find((one) => one.textContent.includes('One line would do.')).textContent";
    let outdated = lin.browser.script(outdated);
    assert!(
        outdated
            .as_str()
            .is_some_and(|shown| shown.contains("Outdated") && shown.contains("y = math.cos(x)")),
        "{outdated}"
    );
    lin.picture("51-files-of-the-newest-version");
    lin.review("approve", "Good.");
    assert!(lin.browser.words().contains("approved version 3"), "{}", lin.browser.words());
}

fn merge(stage: &Stage, mei: &mut Walk, pull: &PullRequest, head: &str) {
    let status = json!({ "context": "ci/train", "state": "success", "description": "loss=0.00003" });
    let path = stage.mei.repository_api("line", &format!("/statuses/{head}"));
    let _ = stage.mei.api.post(&path, &status).expect(201);
    mei.browser.goto(&pull.page("checks"));
    assert!(mei.browser.words().contains("loss=0.00003"), "{}", mei.browser.words());
    mei.picture("52-checks");
    mei.press(&tab(pull, ""));
    mei.picture("53-ready-to-merge");
    mei.merge("merge");
    assert!(mei.browser.words().contains("The commits are in main."), "{}", mei.browser.words());
    mei.picture("54-merged");
    assert_eq!(pull.state(&stage.lin), "merged");
    assert!(!stage.branches().contains("idea"), "{}", stage.branches());
    stage.git.run(&["fetch", "--quiet", "origin", "main"]);
    assert_eq!(stage.git.run(&["rev-parse", "FETCH_HEAD^2"]).trim(), head);
    let path = stage.mei.repository_api("line", "/issues/1");
    let is_closed = || stage.mei.api.get(&path).expect(200).json()["state"] == "closed";
    wait_until("the issue to be closed, as its text says", super::PATIENCE, is_closed);
}
