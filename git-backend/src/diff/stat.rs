//! What a difference is in short, as git writes it above a patch: a line with a bar for each file, their sum, and which files
//! came, went or got another name or mode.

use std::fmt::Write as _;

use super::{
    change::Change,
    content::Content,
    quote::{quoted, renamed},
    write::{MOST, lines, percentage},
};
use crate::{OpenRepository, Result};

/// The width of a line in a mail.
const WIDTH: usize = 72;
/// A bar is never shorter than this if it needs more, and a name never shorter than [`LEAST_NAME`].
const LEAST_BAR: usize = 6;
const LEAST_NAME: usize = 10;

/// What happened to one file.
struct Row {
    name: String,
    size: Size,
}

enum Size {
    Lines {
        added: usize,
        removed: usize,
    },
    /// Bytes before and after; none: they are the same.
    Binary(Option<(usize, usize)>),
}

impl OpenRepository {
    /// The short form of these changes.
    pub(crate) fn summary(&self, changes: &[Change]) -> Result<String> {
        let (mut rows, mut notes) = (Vec::with_capacity(changes.len()), String::new());
        for change in changes {
            self.budget.look()?;
            let (old, new) = Content::of_both(self, change, &MOST)?;
            note(change, percentage(change, &old, &new), &mut notes);
            rows.push(Row { name: name(change), size: size(&old, &new)? });
        }
        Ok(table(&rows) + &notes)
    }
}

fn size(old: &Content, new: &Content) -> Result<Size> {
    if let (Some(old), Some(new)) = (old.text(), new.text()) {
        let (_, added, removed) = lines(old, new)?.line_stats()?;
        return Ok(Size::Lines { added, removed });
    }
    Ok(Size::Binary(match (old, new) {
        (Content::Bytes(old), Content::Bytes(new)) => Some((old.len(), new.len())),
        (Content::TooLarge, _) | (_, Content::TooLarge) => None,
    }))
}

fn name(change: &Change) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if old.path_bytes() != new.path_bytes() => {
            renamed(old.path_bytes(), new.path_bytes())
        }
        (_, Some(any)) | (Some(any), None) => quoted("", any.path_bytes()),
        (None, None) => String::new(),
    }
}

/// What happened to a file as a whole.
fn note(change: &Change, percentage: u64, text: &mut String) {
    // Writing to a text does not fail.
    let _ = match (&change.old, &change.new) {
        (None, Some(new)) => writeln!(text, " create mode {:06o} {}", new.kind.mode(), name(change)),
        (Some(old), None) => writeln!(text, " delete mode {:06o} {}", old.kind.mode(), name(change)),
        (Some(old), Some(new)) => {
            let is_renamed = old.path_bytes() != new.path_bytes();
            if is_renamed {
                let _ = writeln!(text, " rename {} ({percentage}%)", name(change));
            }
            let (before, after) = (old.kind.mode(), new.kind.mode());
            // The name stands in the line above.
            let name = if is_renamed { String::new() } else { format!(" {}", name(change)) };
            if before == after {
                Ok(())
            } else {
                writeln!(text, " mode change {before:06o} => {after:06o}{name}")
            }
        }
        (None, None) => Ok(()),
    };
}

fn table(rows: &[Row]) -> String {
    let layout = Layout::of(rows);
    let (mut text, mut added_lines, mut removed_lines) = (String::new(), 0, 0);
    for row in rows {
        let (before, name) = layout.shortened(&row.name);
        let blanks = " ".repeat(layout.name.saturating_sub(before.len() + name.chars().count()));
        let width = layout.number;
        let _ = write!(text, " {before}{name}{blanks} | ");
        let _ = match row.size {
            Size::Binary(None) => writeln!(text, "{:>width$}", "Bin"),
            Size::Binary(Some((old, new))) => writeln!(text, "{:>width$} {old} -> {new} bytes", "Bin"),
            Size::Lines { added, removed } => {
                (added_lines, removed_lines) = (added_lines + added, removed_lines + removed);
                let sum = added + removed;
                let (plus, minus) = layout.bar(added, removed);
                let space = if sum > 0 { " " } else { "" };
                writeln!(text, "{sum:>width$}{space}{}{}", "+".repeat(plus), "-".repeat(minus))
            }
        };
    }
    let count = rows.len();
    let _ = write!(text, " {count} file{} changed", plural(count));
    if added_lines > 0 || removed_lines == 0 {
        let _ = write!(text, ", {added_lines} insertion{}(+)", plural(added_lines));
    }
    if removed_lines > 0 || added_lines == 0 {
        let _ = write!(text, ", {removed_lines} deletion{}(-)", plural(removed_lines));
    }
    text.push('\n');
    text
}

const fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// How wide the columns are.
struct Layout {
    name: usize,
    number: usize,
    bar: usize,
    most: usize,
}

impl Layout {
    fn of(rows: &[Row]) -> Self {
        let digits = |number: usize| number.to_string().len();
        let (mut name, mut most, mut binary, mut number) = (0, 0, 0, 0);
        for row in rows {
            name = name.max(row.name.chars().count());
            match row.size {
                Size::Lines { added, removed } => most = most.max(added + removed),
                Size::Binary(sizes) => {
                    let (old, new) = sizes.unwrap_or_default();
                    // `Bin 12 -> 345 bytes`
                    (binary, number) = (binary.max(14 + digits(old) + digits(new)), 3);
                }
            }
        }
        number = number.max(digits(most));
        let width = WIDTH.max(LEAST_NAME + LEAST_BAR + number + 6);
        let mut bar = if most + 4 > binary { most } else { binary - 4 };
        if name + number + 6 + bar > width {
            bar = bar.min((width * 3 / 8).saturating_sub(number + 6).max(LEAST_BAR));
            if name > width - number - 6 - bar {
                name = width - number - 6 - bar;
            } else {
                bar = width - number - 6 - name;
            }
        }
        Self { name, number, bar, most }
    }

    /// A name that is too long loses its beginning, up to a folder if there is one.
    fn shortened<'name>(&self, name: &'name str) -> (&'static str, &'name str) {
        let length = name.chars().count();
        if length <= self.name {
            return ("", name);
        }
        let kept = self.name.saturating_sub(3);
        let start = name.char_indices().nth(length - kept).map_or(name.len(), |(start, _)| start);
        let rest = &name[start..];
        ("...", rest.find('/').map_or(rest, |slash| &rest[slash..]))
    }

    /// The two parts of a bar, scaled so that the longest fits.
    fn bar(&self, added: usize, removed: usize) -> (usize, usize) {
        if self.bar > self.most {
            return (added, removed);
        }
        let scaled = |count: usize| if count == 0 { 0 } else { 1 + count * (self.bar - 1) / self.most };
        let mut sum = scaled(added + removed);
        if sum < 2 && added > 0 && removed > 0 {
            sum = 2;
        }
        if added < removed {
            let plus = scaled(added);
            (plus, sum - plus)
        } else {
            let minus = scaled(removed);
            (sum - minus, minus)
        }
    }
}
