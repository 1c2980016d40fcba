//! Rules for the repository's files: length, valid links, and words they must not contain.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::program::output;

/// Nobody reads a file with more lines than this.
const MOST_LINES: usize = 600;

/// Extensions of files that are written by hand and read by people.
const WRITTEN: &[&str] = &["rs", "html", "css", "js", "py", "sh", "sql", "md"];

/// Checks every tracked file.
pub(crate) fn check() -> Outcome {
    let listed = output(Command::new("git").args(["ls-files", "-z", "--cached"]))?;
    let mut problems = Vec::new();
    for file in listed.split('\0').filter(|name| !name.is_empty()) {
        let path = Path::new(file);
        // Deleted in the working tree, or not text: nothing to read.
        let Ok(text) = fs::read_to_string(path) else { continue };
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        if WRITTEN.contains(&extension) && text.lines().count() > MOST_LINES {
            problems.push(format!("{file}: {} lines, more than {MOST_LINES}", text.lines().count()));
        }
        if extension == "md" {
            problems
                .extend(dead_links(path, &text).map(|link| format!("{file}: the link {link} leads nowhere")));
        }
        if file != "Cargo.lock" {
            problems.extend(
                machine_words(&text).map(|word| format!("{file}: names {word}, which is one machine's")),
            );
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(format!("{} files\n{}", problems.len(), problems.join("\n")))
    }
}

/// Addresses of package registries, and folders of the machine on which a change was written.
/// They are spelled in two halves, so that this file passes its own check.
fn machine_words(text: &str) -> impl Iterator<Item = String> + '_ {
    const WORDS: &[(&str, &str)] = &[
        ("index.crates", ".io"),
        ("static.crates", ".io"),
        ("pypi", ".org"),
        ("pythonhosted", ".org"),
        ("registry.npmjs", ".org"),
        ("proxy.golang", ".org"),
        ("repo1.maven", ".org"),
        ("deb.debian", ".org"),
        ("\"/work", "/"),
        (" /work", "/"),
        ("`/work", "/"),
        ("\"/root", "/"),
        (" /root", "/"),
        ("`/root", "/"),
    ];
    WORDS.iter().map(|(a, b)| format!("{a}{b}")).filter(|word| text.contains(word.as_str()))
}

/// The relative links of a Markdown text that point at no file.
fn dead_links<'a>(file: &'a Path, text: &'a str) -> impl Iterator<Item = &'a str> {
    let folder = file.parent().unwrap_or(Path::new(""));
    links(text).filter(move |link| {
        let target = link.split(['#', '?']).next().unwrap_or_default();
        let elsewhere = target.contains("://") || target.starts_with("mailto:") || target.starts_with('<');
        !target.is_empty() && !elsewhere && !resolve(folder, target).exists()
    })
}

fn resolve(folder: &Path, target: &str) -> PathBuf {
    let target = target.replace("%20", " ");
    let path = target.strip_prefix('/').map_or_else(|| folder.join(&target), PathBuf::from);
    // `a/../b` is `b` to a reader of the page, whether or not `a` exists.
    path.components().fold(PathBuf::new(), |mut whole, part| {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            other => whole.push(other),
        }
        whole
    })
}

/// Every `](target)` outside code.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines()
        .filter(move |line| {
            let fence = line.trim_start().starts_with("```");
            in_code ^= fence;
            !in_code && !fence
        })
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target.split(' ').next().unwrap_or(target)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn a_link_to_a_missing_file_is_found_and_code_is_not_read() {
        let text =
            "[a](Cargo.toml) [b](gone.md#x) [c](https://example.org)\n```\n[d](no.md)\n```\n[e](#here)";
        let dead: Vec<&str> = super::dead_links(Path::new("README.md"), text).collect();
        assert_eq!(dead, ["gone.md#x"]);
    }

    #[test]
    fn a_registry_address_is_found() {
        let text = format!("see https://{}{}/simple", "pypi", ".org");
        assert_eq!(super::machine_words(&text).count(), 1);
        assert_eq!(super::machine_words("see the Python package index").count(), 0);
    }
}
