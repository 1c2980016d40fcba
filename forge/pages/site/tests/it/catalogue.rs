//! The build refuses catalogues that differ; this finds messages that are never used, and words that
//! `docs/writing.md` rules out.

use std::{fs, path::Path};

use hearth_words::Words;

/// Families whose keys are built at run time, from codes.
const BY_CODE: [&str; 19] = [
    "admin-audit-act-",
    "admin-audit-kind-",
    "api-group-of-",
    "engine-",
    "error-conflict-",
    "error-field-",
    "error-forbidden-",
    "error-internal",
    "error-invalid",
    "error-limit-",
    "error-not-found-",
    "error-quota-",
    "error-request-",
    "error-sign-in",
    "error-unavailable-",
    "reason-",
    "repo-issues-problem-",
    "tasks-overview-source-",
    "user-settings-scope-",
];

/// English words that messages do without, and what to write instead. They are compared as whole words.
const AVOIDED: &[(&str, &str)] = &[
    ("his", "the person, or their"),
    ("her", "the person, or their"),
    ("please", "the sentence without it"),
    ("simply", "the sentence without it"),
    ("just", "the sentence without it; “just now” is allowed"),
    ("successfully", "the sentence without it"),
    ("oops", "what happened"),
    ("sorry", "what happened and the next step"),
    ("wish", "idea; a wish is a kind of feedback only"),
    ("somebody", "someone"),
    ("everybody", "everyone"),
    ("anybody", "anyone"),
    ("e-mail", "email"),
    ("e-mails", "emails"),
    ("e.g.", "for example"),
    ("i.e.", "the words themselves"),
    ("etc.", "the whole list"),
    ("login", "sign in"),
    ("logout", "sign out"),
    ("forever", "permanently, or no expiry"),
    ("discard", "delete"),
    ("discarded", "deleted"),
    ("abort", "stop"),
    ("kill", "stop"),
    ("color", "colour"),
    ("license", "licence"),
];

/// What Chinese messages do without, and what to write instead.
const AVOIDED_IN_CHINESE: &[(&str, &str)] = &[
    ("您", "你"),
    ("标记", "标签（label），Git 标签（tag）"),
    ("复制任务", "修改后再运行"),
    ("修改后运行", "修改后再运行"),
    ("拷贝", "复制"),
    ("丢弃", "删除"),
    ("中止", "停止"),
    ("终止任务", "停止"),
    ("登陆", "登录"),
    ("登出", "退出登录"),
    ("账户", "账号"),
    ("帐号", "账号"),
    ("工单", "议题"),
    ("电子邮箱", "邮箱"),
    ("成功地", "不写"),
];

#[test]
fn no_message_uses_an_avoided_word() {
    let mut found = Vec::new();
    for (place, message) in messages("en") {
        let words: Vec<String> = message.split_whitespace().map(|word| bare(word).to_lowercase()).collect();
        for (word, instead) in AVOIDED {
            if words.iter().any(|said| said == word) && message != "just now" {
                found.push(format!("{place}: “{word}”, better: {instead}"));
            }
        }
        if message.contains('\'') || ["n’t", "’re", "’ll", "’ve"].iter().any(|short| message.contains(short))
        {
            found.push(format!("{place}: a contraction or a straight quote"));
        }
    }
    for (place, message) in messages("zh-CN") {
        // “标记为已读” is a verb, not a label.
        let message = message.replace("标记为", "");
        for (word, instead) in AVOIDED_IN_CHINESE.iter().filter(|(word, _)| message.contains(word)) {
            found.push(format!("{place}：“{word}”，应为{instead}"));
        }
    }
    assert!(found.is_empty(), "see docs/writing.md:\n{}", found.join("\n"));
}

/// The lines of a language's messages without their keys, each with its place.
fn messages(language: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../templates/locales").join(language);
    let mut lines = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("UTF-8");
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let message = line.split_once(" = ").map_or(line, |(_, message)| message);
            lines.push((format!("{}:{}", path.display(), number + 1), message.to_owned()));
        }
    }
    lines
}

/// A word without the punctuation around it; the full stop of an abbreviation stays.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|letter: char| ",;:!?()“”".contains(letter));
    if word.matches('.').count() > 1 || word == "etc." { word } else { word.trim_end_matches('.') }
}

#[test]
fn every_message_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for folder in [
        "src",
        "../compute/src",
        "../repository/src",
        "../../app/src",
        "../../mail/src",
        "../../ssh/src",
        "../../web/src",
        "../../words/src",
        "../../../templates",
    ] {
        read(&root.join(folder), &mut text);
    }
    let is_said = |key: &str| {
        text.contains(&format!("\"{key}\"")) || BY_CODE.iter().any(|family| key.starts_with(family))
    };
    let silent: Vec<&&str> = Words::keys().iter().filter(|key| !is_said(key)).collect();
    assert!(silent.is_empty(), "in the catalogues and nowhere else: {silent:?}");
}

fn read(folder: &Path, text: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "html") {
            text.push_str(&fs::read_to_string(&path).expect("UTF-8"));
        }
    }
}
