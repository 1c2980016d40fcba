//! Objects that no git client would create.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

/// Writes an object; returns its id.
pub(crate) fn object(repository: &Path, kind: &str, content: &[u8]) -> String {
    let mut child = Command::new("git")
        .arg("--git-dir")
        .arg(repository)
        .args(["hash-object", "-w", "--stdin", "-t", kind])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("git starts");
    child.stdin.take().expect("its input").write_all(content).expect("written");
    let output = child.wait_with_output().expect("git ends");
    assert!(output.status.success(), "{kind}");
    String::from_utf8(output.stdout).expect("an id").trim().to_owned()
}

/// An entry of a tree.
pub(crate) fn entry(mode: &str, name: &str, id: &str) -> Vec<u8> {
    let id = data_encoding::HEXLOWER.decode(id.as_bytes()).expect("an id");
    [format!("{mode} {name}\0").as_bytes(), &id].concat()
}

pub(crate) fn commit(repository: &Path, tree: &str, parents: &[String], message: &str) -> String {
    let parents = parents.iter().map(|parent| format!("parent {parent}\n")).collect::<Vec<_>>().concat();
    let who = "Mei <mei@example.org> 1790000000 +0000";
    let text = format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n\n{message}\n");
    object(repository, "commit", text.as_bytes())
}

/// Points a reference at an object.
pub(crate) fn point(repository: &Path, reference: &str, id: &str) {
    let status =
        Command::new("git").arg("--git-dir").arg(repository).args(["update-ref", reference, id]).status();
    assert!(status.expect("git starts").success(), "{reference}");
}

/// A tree of a dozen objects that unfolds to 10^12 files.
pub(crate) fn unfolding(repository: &Path, file: &[u8]) -> String {
    (0..12).fold(object(repository, "blob", file), |below, level| {
        let mode = if level == 0 { "100644" } else { "40000" };
        let entries: Vec<u8> = (0..10).flat_map(|number| entry(mode, &number.to_string(), &below)).collect();
        object(repository, "tree", &entries)
    })
}
