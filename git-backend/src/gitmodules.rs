//! `.gitmodules` as the server itself may write it. What is pushed is checked by git (`receive.fsckObjects`); a commit that the
//! server makes must not be a way around that. The rules are those of `git fsck`: `gitmodulesName`, `gitmodulesPath`, `gitmodulesUrl`,
//! `gitmodulesUpdate` and `gitmodulesSymlink`.

use gix::{
    bstr::ByteSlice as _,
    config::{File, file::Metadata, file::init::Options},
};

use crate::{EntryKind, Invalid, ObjectId, OpenRepository, Result, TreePath};

/// The largest that is read. Git reads larger ones, but nobody has as many submodules.
const MOST_BYTES: u64 = 1 << 20;

/// Checks what is about to stand at a path, if clients read their submodules from there.
pub(crate) fn check(git: &OpenRepository, path: &TreePath, mode: u32, id: ObjectId) -> Result<()> {
    if !is_read(path.as_str()) {
        return Ok(());
    }
    if ![EntryKind::File.mode(), EntryKind::Executable.mode()].contains(&mode) {
        return Err(Invalid::Submodules.into());
    }
    match git.blob(id, MOST_BYTES)?.data {
        Some(data) => check_content(path.as_str(), &data),
        None => Err(Invalid::Submodules.into()),
    }
}

/// The same for a file whose content is at hand. Refuses what a client's git could take for an option, for a place outside
/// its clone, or for a command. A text that is no configuration is let be, as git does: no client reads it.
pub(crate) fn check_content(path: &str, data: &[u8]) -> Result<()> {
    if !is_read(path) || is_harmless(data) { Ok(()) } else { Err(Invalid::Submodules.into()) }
}

fn is_read(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(".gitmodules"))
}

fn is_harmless(data: &[u8]) -> bool {
    let Ok(file) = File::from_bytes_no_includes(data, Metadata::api(), Options::default()) else {
        return true;
    };
    let Some(sections) = file.sections_by_name("submodule") else { return true };
    sections.into_iter().all(|section| {
        let header = section.header();
        let name = header.subsection_name().is_none_or(|name| is_name(name.as_bytes()));
        let all = |key, allowed: fn(&[u8]) -> bool| section.values(key).iter().all(|value| allowed(value));
        name && all("path", is_no_option) && all("url", is_address) && all("update", is_no_command)
    })
}

/// The name becomes a folder below `.git/modules`.
fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.split(|byte| matches!(byte, b'/' | b'\\')).all(|part| part != b"..")
}

fn is_no_option(value: &[u8]) -> bool {
    !value.starts_with(b"-")
}

/// A line break in an address would end the line in which git hands it to its helper for passwords.
fn is_address(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let has_break = value.contains(&b'\n') || lower.contains_str("%0a");
    is_no_option(value) && !has_break && !lower.starts_with(b"ext::") && !lower.starts_with(b"fd::")
}

fn is_no_command(value: &[u8]) -> bool {
    !value.starts_with(b"!")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_taken(text: &str) -> bool {
        check_content(".gitmodules", text.as_bytes()).is_ok()
    }

    #[test]
    fn ordinary_submodules_are_taken() {
        for text in [
            "",
            "[submodule \"lib/a\"]\n\tpath = lib/a\n\turl = https://example.org/a.git\n\tupdate = rebase\n",
            "[submodule \"b\"]\n\tpath = b\n\turl = ../b.git\n[submodule \"c..d\"]\n\turl = git@example.org:c.git\n",
            "[core]\n\tpath = -x\n",
            "no configuration [",
        ] {
            assert!(is_taken(text), "{text}");
        }
    }

    #[test]
    fn what_git_refuses_in_a_push_is_refused() {
        for text in [
            "[submodule \"../../hooks\"]\n\tpath = a\n",
            "[submodule \"a\\\\..\\\\b\"]\n\tpath = a\n",
            "[submodule \"\"]\n\tpath = a\n",
            "[submodule \"a\"]\n\turl = -u./payload\n",
            "[submodule \"a\"]\n\turl = \"https://example.org\\nhost=other\"\n",
            "[submodule \"a\"]\n\turl = https://example.org/%0ahost=other\n",
            "[submodule \"a\"]\n\tpath = -x\n",
            "[SubModule \"a\"]\n\tUpdate = !touch /tmp/x\n",
            "[submodule \"a\"]\n\tpath = ok\n\tpath = --upload-pack=x\n",
        ] {
            assert!(!is_taken(text), "{text}");
        }
    }

    #[test]
    fn only_that_file_is_looked_at_wherever_it_lies() {
        for (at, is_read) in [("docs/gitmodules", false), (".gitmodules", true), ("docs/.GitModules", true)] {
            assert_eq!(check_content(at, b"[submodule \"..\"]\n").is_err(), is_read, "{at}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "(\\[submodule \"|\"\\]|path=|url = |\n|\\\\|[ -~]){0,60}") {
            is_taken(&text);
        }
    }
}
