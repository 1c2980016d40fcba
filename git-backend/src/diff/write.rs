//! A difference as the bytes that `git apply` takes: what `git diff --binary` prints for two commits. Only binary
//! contents are others: they are compressed as a whole, never written as a change to the one before.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use super::{
    CONTEXT_LINES, DiffLimits, binary,
    change::{Change, Side},
    content::Content,
    quote::quoted,
};
use crate::{
    Error, ObjectId, OpenRepository, Result,
    repository::OBJECT_BYTES,
    similarity::{Pieces, WHOLE},
};

/// What a patch contains at most. Beyond it, the patch ends with an error, so that a part is not taken for the
/// whole.
pub(crate) const MOST: DiffLimits = DiffLimits {
    counted_files: 100_000,
    // The largest that is held in memory at all.
    file_bytes: OBJECT_BYTES as u64,
    compared_lines: 2_000_000,
    ..DiffLimits::PAGE
};

impl OpenRepository {
    /// Writes what changed from one commit to another (`None`: the empty tree) as a patch for `git apply`. A
    /// file too large to be read is named by a line that no git applies, as `git diff` without `--binary` does.
    pub fn write_diff(&self, from: Option<ObjectId>, to: ObjectId, out: &mut dyn Write) -> Result<()> {
        self.write_changes(&self.changed_files(from, to, &MOST)?, out)
    }

    /// The same for files that are known to differ.
    pub(crate) fn write_changes(&self, changes: &[Change], out: &mut dyn Write) -> Result<()> {
        for change in changes {
            self.budget.look()?;
            let contents = Content::of_both(self, change, &MOST)?;
            write_file(change, &contents, out)?;
        }
        Ok(())
    }
}

fn write_file(change: &Change, contents: &(Content, Content), out: &mut dyn Write) -> Result<()> {
    match change {
        // A file that became a link, for instance, is removed and added.
        Change { old: Some(old), new: Some(new) } if is_another_kind(old, new) => {
            let (gone, added) =
                (Change { old: Some(old.clone()), new: None }, Change { old: None, new: Some(new.clone()) });
            write_one(&gone, &contents.0, &Content::NOTHING, out)?;
            write_one(&added, &Content::NOTHING, &contents.1, out)
        }
        _ => write_one(change, &contents.0, &contents.1, out),
    }
}

/// Whether a file became a link or a submodule, or one of these another.
fn is_another_kind(old: &Side, new: &Side) -> bool {
    old.is_file() != new.is_file() || old.kind.is_blob() != new.kind.is_blob()
}

fn write_one(change: &Change, old: &Content, new: &Content, out: &mut dyn Write) -> Result<()> {
    let (Some(any_old), Some(any_new)) =
        (change.old.as_ref().or(change.new.as_ref()), change.new.as_ref().or(change.old.as_ref()))
    else {
        return Ok(());
    };
    let (old_name, new_name) = (quoted("a/", any_old.path_bytes()), quoted("b/", any_new.path_bytes()));
    let mut text = format!("diff --git {old_name} {new_name}\n");
    let is_text = old.text().is_some() && new.text().is_some();
    write_header(change, percentage(change, old, new), is_text, &mut text);
    out.write_all(text.as_bytes()).map_err(Error::from_io)?;
    if old == new {
        return Ok(());
    }
    let name = |side: &Option<Side>, name: String| if side.is_some() { name } else { "/dev/null".to_owned() };
    let (old_label, new_label) = (name(&change.old, old_name), name(&change.new, new_name));
    match (old.text(), new.text(), old, new) {
        (Some(old), Some(new), ..) => write_text([&old_label, &new_label], old, new, out),
        (_, _, Content::Bytes(old), Content::Bytes(new)) => {
            binary::write(old, new, out).map_err(Error::from_io)
        }
        _ => writeln!(out, "Binary files {old_label} and {new_label} differ").map_err(Error::from_io),
    }
}

/// How much of a file is still the same under its other path.
pub(crate) fn percentage(change: &Change, old: &Content, new: &Content) -> u64 {
    let (Some(old_side), Some(new_side)) = (&change.old, &change.new) else { return 0 };
    match (old, new) {
        _ if old_side.id == new_side.id => 100,
        (Content::Bytes(old), Content::Bytes(new)) => Pieces::cut(old).score(&Pieces::cut(new)) * 100 / WHOLE,
        (Content::TooLarge, _) | (_, Content::TooLarge) => 0,
    }
}

/// The digits of the ids of texts, of which git writes no fewer.
const SHORT_DIGITS: usize = 7;

/// The lines that say which file this is, and what happened to it as a whole.
fn write_header(change: &Change, percentage: u64, is_text: bool, text: &mut String) {
    let id = |side: &Option<Side>| {
        let mut id = side.as_ref().map_or(ObjectId::ZERO, |side| side.id).to_string();
        // Bytes are applied only to the very content that is named.
        id.truncate(if is_text { SHORT_DIGITS } else { id.len() });
        id
    };
    let mode = |side: &Side| side.kind.mode();
    let ids = format!("index {}..{}", id(&change.old), id(&change.new));
    // Writing to a text does not fail.
    let _ = match (&change.old, &change.new) {
        (None, Some(new)) => writeln!(text, "new file mode {:06o}\n{ids}", mode(new)),
        (Some(old), None) => writeln!(text, "deleted file mode {:06o}\n{ids}", mode(old)),
        (Some(old), Some(new)) => {
            if mode(old) != mode(new) {
                let _ = writeln!(text, "old mode {:06o}\nnew mode {:06o}", mode(old), mode(new));
            }
            if old.path_bytes() != new.path_bytes() {
                let (from, to) = (quoted("", old.path_bytes()), quoted("", new.path_bytes()));
                let _ = writeln!(text, "similarity index {percentage}%\nrename from {from}\nrename to {to}");
            }
            match (old.id == new.id, mode(old) == mode(new)) {
                (true, _) => Ok(()),
                (false, true) => writeln!(text, "{ids} {:06o}", mode(new)),
                (false, false) => writeln!(text, "{ids}"),
            }
        }
        (None, None) => Ok(()),
    };
}

/// The lines that changed, by the library that shares git's own algorithm, and with its habit of naming a function.
fn write_text(labels: [&str; 2], old: &[u8], new: &[u8], out: &mut dyn Write) -> Result<()> {
    let patch = lines(old, new)?;
    for (sign, label) in ["---", "+++"].into_iter().zip(labels) {
        // A name with a blank ends at a tab, so that it is told apart from a date behind it.
        let end = if label.contains(' ') { "\t" } else { "" };
        writeln!(out, "{sign} {label}{end}").map_err(Error::from_io)?;
    }
    for index in 0..patch.num_hunks() {
        let (hunk, count) = patch.hunk(index)?;
        // The name of the function is cut after 80 bytes, which may leave blanks that git does not write.
        out.write_all(hunk.header().trim_ascii_end()).map_err(Error::from_io)?;
        out.write_all(b"\n").map_err(Error::from_io)?;
        for line in 0..count {
            write_line(&patch.line_in_hunk(index, line)?, out).map_err(Error::from_io)?;
        }
    }
    Ok(())
}

/// The difference of two texts.
pub(crate) fn lines<'text>(old: &'text [u8], new: &'text [u8]) -> Result<git2::Patch<'text>> {
    let mut asked = git2::DiffOptions::new();
    asked.context_lines(CONTEXT_LINES).indent_heuristic(true).force_text(true);
    Ok(git2::Patch::from_buffers(old, None, new, None, Some(&mut asked))?)
}

/// The last line of a file without a line break is followed by a note, which begins with that line break.
fn write_line(line: &git2::DiffLine<'_>, out: &mut dyn Write) -> io::Result<()> {
    if let sign @ (' ' | '+' | '-') = line.origin() {
        out.write_all(sign.encode_utf8(&mut [0; 4]).as_bytes())?;
    }
    out.write_all(line.content())
}
