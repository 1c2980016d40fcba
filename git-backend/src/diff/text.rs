//! The changed lines of each file, as many as the limits allow.

use super::{
    Diff, DiffLine, DiffRequest, FileDiff, FileStatus, Hunk, LineKind,
    change::{Change, Side},
};
use crate::{Bound, Error, OpenRepository, Result, read::EntryKind};

/// The content of one side of a file, as far as it can be compared.
enum Content {
    Text(Vec<u8>),
    Binary,
    TooLarge,
}

fn line_count(data: &[u8]) -> usize {
    data.split(|byte| *byte == b'\n').skip(1).count()
}

pub(super) struct Reader<'a> {
    git: &'a OpenRepository,
    request: &'a DiffRequest,
    lines: usize,
    bytes: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(git: &'a OpenRepository, request: &'a DiffRequest) -> Self {
        Self { git, request, lines: 0, bytes: 0 }
    }

    pub(super) fn read(mut self, changes: Vec<Change>, left_out: Option<Bound>) -> Result<Diff> {
        let total_files = changes.len();
        let mut files = Vec::new();
        for change in changes.into_iter().take(self.request.limits.files) {
            files.push(self.file(change)?);
        }
        Ok(Diff {
            additions: files.iter().map(|file| file.additions).sum(),
            deletions: files.iter().map(|file| file.deletions).sum(),
            is_truncated: total_files > files.len() || left_out.is_some(),
            total_files,
            left_out,
            files,
        })
    }

    fn file(&mut self, Change { old, new }: Change) -> Result<FileDiff> {
        let mode = |side: &Option<Side>| side.as_ref().map_or(0, |side| side.kind.mode());
        let mut file = FileDiff {
            status: status(old.as_ref(), new.as_ref()),
            old_id: old.as_ref().map(|side| side.id),
            new_id: new.as_ref().map(|side| side.id),
            old_mode: mode(&old),
            new_mode: mode(&new),
            is_binary: false,
            additions: 0,
            deletions: 0,
            hunks: Vec::new(),
            is_truncated: false,
            old_path: None,
            new_path: None,
        };
        if file.old_id != file.new_id {
            self.text(old.as_ref(), new.as_ref(), &mut file)?;
        }
        file.old_path = old.map(|side| side.path);
        file.new_path = new.map(|side| side.path);
        Ok(file)
    }

    fn text(&mut self, old: Option<&Side>, new: Option<&Side>, file: &mut FileDiff) -> Result<()> {
        let (old, new) = match (self.content(old)?, self.content(new)?) {
            (Content::Text(old), Content::Text(new)) => (old, new),
            (Content::TooLarge, _) | (_, Content::TooLarge) => {
                file.is_truncated = true;
                return Ok(());
            }
            (Content::Binary, _) | (_, Content::Binary) => {
                file.is_binary = true;
                return Ok(());
            }
        };
        // The diff library cannot be cancelled, so this is checked before it starts.
        match self.git.budget.look() {
            Err(Error::OverBudget { .. }) => {
                file.is_truncated = true;
                return Ok(());
            }
            look => look?,
        }
        let mut asked = git2::DiffOptions::new();
        asked.context_lines(3).indent_heuristic(true).ignore_whitespace(self.request.ignores_whitespace);
        let patch = git2::Patch::from_buffers(&old, None, &new, None, Some(&mut asked))?;
        let (_, additions, deletions) = patch.line_stats()?;
        (file.additions, file.deletions) = (additions, deletions);
        self.hunks(&patch, file)
    }

    fn content(&self, side: Option<&Side>) -> Result<Content> {
        let Some(side) = side else { return Ok(Content::Text(Vec::new())) };
        if side.kind == EntryKind::Submodule {
            return Ok(Content::Text(format!("Subproject commit {}\n", side.id).into_bytes()));
        }
        let blob = match self.git.blob(side.id, self.request.limits.file_bytes) {
            Err(Error::OverBudget { .. }) => return Ok(Content::TooLarge),
            blob => blob?,
        };
        let is_binary = blob.is_binary();
        Ok(match blob.data {
            None => Content::TooLarge,
            Some(_) if is_binary => Content::Binary,
            Some(data) if line_count(&data) > self.request.limits.compared_lines => Content::TooLarge,
            Some(data) => Content::Text(data),
        })
    }

    fn hunks(&mut self, patch: &git2::Patch<'_>, file: &mut FileDiff) -> Result<()> {
        let mut file_lines = 0;
        for index in 0..patch.num_hunks() {
            let (hunk, count) = patch.hunk(index)?;
            let header = String::from_utf8_lossy(hunk.header()).trim_end().to_owned();
            let mut lines = Vec::new();
            for line in 0..count {
                if self.lines >= self.request.limits.lines
                    || self.bytes >= self.request.limits.bytes
                    || file_lines >= self.request.limits.file_lines
                {
                    file.is_truncated = true;
                    break;
                }
                let line = self.line(&patch.line_in_hunk(index, line)?);
                file_lines += 1;
                self.lines += 1;
                self.bytes += line.text.len();
                lines.push(line);
            }
            if !lines.is_empty() {
                file.hunks.push(Hunk { header, lines });
            }
            if file.is_truncated {
                break;
            }
        }
        Ok(())
    }

    fn line(&self, line: &git2::DiffLine<'_>) -> DiffLine {
        let kind = match line.origin() {
            '+' => LineKind::Added,
            '-' => LineKind::Deleted,
            '=' | '>' | '<' => LineKind::NoNewline,
            _ => LineKind::Context,
        };
        let content = line.content();
        let content = content.strip_suffix(b"\n").unwrap_or(content);
        let content = &content[..content.len().min(self.request.limits.line_bytes)];
        let text = if kind == LineKind::NoNewline { "".into() } else { String::from_utf8_lossy(content) };
        DiffLine {
            kind,
            old_number: line.old_lineno().filter(|_| kind != LineKind::NoNewline),
            new_number: line.new_lineno().filter(|_| kind != LineKind::NoNewline),
            text: text.into_owned(),
        }
    }
}

fn status(old: Option<&Side>, new: Option<&Side>) -> FileStatus {
    match (old, new) {
        (None, _) => FileStatus::Added,
        (_, None) => FileStatus::Deleted,
        (Some(old), Some(new)) if old.path != new.path => FileStatus::Renamed,
        (Some(old), Some(new)) if old.kind != new.kind && !(old.is_file() && new.is_file()) => {
            FileStatus::TypeChanged
        }
        _ => FileStatus::Modified,
    }
}
