//! The same in a short form: with keys alone, in Chinese, and without scripts.

use super::{Hands, Stage, TRAIN, tab};

#[test]
fn somebody_reviews_and_merges_with_keys_alone_in_chinese() {
    review_and_merge(Hands::Keys, "zh-CN", &["等待 mei 评审", "请你评审", "批准了版本 1", "已合并"]);
}

#[test]
fn somebody_reviews_and_merges_without_scripts() {
    let said = ["Waiting for a review by mei", "your review is requested", "approved version 1", "Merged"];
    review_and_merge(Hands::WithoutScripts, "en", &said);
}

/// lin proposes something, mei comments and approves, and lin merges. `said`: whose turn it is on the page and for the
/// reviewer, that it was approved, that it is merged.
fn review_and_merge(hands: Hands, language: &str, said: &[&str; 4]) {
    let [turn, asked, approved, merged] = said;
    let stage = Stage::set();
    let address = stage.push(&stage.lin, "idea", &[("train.py", &TRAIN.replace("0.1", "0.5"))]);
    let (lin, mei) = (stage.walk(&stage.lin, hands), stage.walk(&stage.mei, hands));
    for walk in [&lin, &mei] {
        walk.browser.goto(&format!("/?lang={language}"));
    }

    lin.browser.goto_address(&address);
    lin.write(".compare-new [name=title]", "改进训练 Learn faster");
    lin.tick("[name=reviewers][value=mei]");
    lin.press(".compare-new .actions button.button");
    let pull = stage.followed(2);
    assert_eq!(lin.browser.path(), pull.page(""));
    assert!(lin.browser.words().contains(turn), "{}", lin.browser.words());

    mei.browser.goto("/");
    assert!(mei.browser.words().contains(asked), "{}", mei.browser.words());
    mei.press(&format!("main a[href=\"{}\"]", pull.page("")));
    mei.press(&tab(&pull, "files"));
    mei.begin_comment("train.py", "R3");
    mei.say("为什么？ Why not more?", "now");
    mei.until("Why not more?");
    mei.review("approve", "很好 Good");
    assert!(mei.browser.words().contains(approved), "{}", mei.browser.words());

    lin.browser.goto(&pull.page(""));
    assert!(lin.browser.words().contains("Why not more?"), "{}", lin.browser.words());
    lin.merge("squash");
    assert!(lin.browser.words().contains(merged), "{}", lin.browser.words());
    assert_eq!(pull.state(&stage.mei), "merged");
    assert!(!stage.branches().contains("idea"));
    for walk in [lin, mei] {
        walk.end();
    }
}
