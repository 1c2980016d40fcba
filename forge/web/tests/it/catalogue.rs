//! The build refuses catalogues that differ; this finds messages that are never used.

use std::{fs, path::Path};

use hearth_words::Words;

/// Families whose keys are built at run time, from codes.
const BY_CODE: [&str; 16] = [
    "admin-audit-act-",
    "admin-audit-kind-",
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
    "user-settings-scope-",
];

#[test]
fn every_message_is_said_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut text = String::new();
    for folder in ["src", "../app/src", "../mail/src", "../words/src", "../../templates"] {
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
