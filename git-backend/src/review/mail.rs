//! Commits as mails: what `git format-patch --stdout` prints, which `git am` takes. A body that would be read as
//! headers is the one thing written otherwise.

use std::{fmt::Write as _, io::Write};

use super::{
    MOST_COMMITS, Range,
    mail_header::{author, is_plain, subject},
};
use crate::{Answer, Bound, Commit, Error, ObjectId, OpenRepository, Result, Signature, diff::MOST};

impl OpenRepository {
    /// Writes every commit of a range but the merges as a mail, oldest first; of more than [`MOST_COMMITS`], an
    /// error before anything is written.
    pub fn write_patches(&self, range: &Range, out: &mut dyn Write) -> Result<()> {
        let Answer { value: mut commits, left_out } = self.commits_between(range, MOST_COMMITS)?;
        if left_out.is_some() {
            return Err(self.budget.over(Bound::Entries));
        }
        commits.retain(|commit| commit.parent_count < 2);
        // What git puts between two mails.
        let mut gap = "";
        for (place, commit) in commits.iter().enumerate() {
            if self.write_mail(commit, (place + 1, commits.len()), gap, out)? {
                gap = "\n";
            }
        }
        Ok(())
    }

    /// Writes one commit as a mail: what it changed against its first parent. Nothing, if that is nothing.
    pub fn write_patch(&self, commit: ObjectId, out: &mut dyn Write) -> Result<()> {
        self.write_mail(&self.commit(commit)?, (1, 1), "", out).map(drop)
    }

    /// Whether there was something to write, which follows `gap`.
    fn write_mail(
        &self,
        commit: &Commit,
        place: (usize, usize),
        gap: &str,
        out: &mut dyn Write,
    ) -> Result<bool> {
        let changes = self.changed_files(commit.parents.first().copied(), commit.id, &MOST)?;
        if changes.is_empty() {
            return Ok(false);
        }
        // Read anew: the message of a commit that a page shows may be cut.
        let message = Message::of(&self.message(commit.id)?);
        let head = head(commit, &message, place);
        let summary = self.summary(&changes)?;
        out.write_all(format!("{gap}{head}---\n{summary}\n").as_bytes()).map_err(Error::from_io)?;
        self.write_changes(&changes, out)?;
        out.write_all(b"-- \nHearth\n\n").map_err(Error::from_io)?;
        Ok(true)
    }
}

/// A commit's message, as git divides it for a mail.
struct Message {
    /// The lines up to the first empty one, as one.
    subject: String,
    /// What comes after, without blanks at the ends of lines.
    body: String,
}

impl Message {
    fn of(message: &[u8]) -> Self {
        let text = String::from_utf8_lossy(message);
        let mut lines = text.split('\n').map(str::trim_ascii_end).skip_while(|line| line.is_empty());
        let subject: Vec<&str> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        let body: Vec<&str> = lines.skip_while(|line| line.is_empty()).collect();
        Self { subject: subject.join(" "), body: body.join("\n").trim_ascii_end().to_owned() }
    }

    /// Whether a program that takes the mail would read the start of the body as headers, such as another author,
    /// unless headers stand before it.
    fn begins_like_headers(&self) -> bool {
        let start = self.body.lines().next().unwrap_or_default().to_ascii_lowercase();
        ["from", ">from", "subject:", "date:", "[patch]"].iter().any(|header| start.starts_with(header))
    }
}

/// Everything before the line that divides the message from the patch.
fn head(commit: &Commit, message: &Message, (number, count): (usize, usize)) -> String {
    // The date is the same for all mails: it tells programs that this is a patch.
    let mut text = format!("From {} Mon Sep 17 00:00:00 2001\n", commit.id);
    let width = count.to_string().len();
    let prefix = if count > 1 { format!("[PATCH {number:0width$}/{count}]") } else { "[PATCH]".to_owned() };
    // Writing to a text does not fail.
    let author = author(&commit.author);
    let _ = writeln!(text, "{author}");
    let _ = writeln!(text, "Date: {}", date(&commit.author));
    let _ = writeln!(text, "{}", subject(&prefix, &message.subject));
    if !is_plain(&message.subject) || !is_plain(&message.body) {
        text.push_str(
            "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n",
        );
    }
    text.push('\n');
    if message.begins_like_headers() {
        let _ = writeln!(text, "{author}\n");
    }
    if !message.body.is_empty() {
        text.push_str(&message.body);
        text.push('\n');
    }
    text
}

/// The moment as mails write it, in the author's own time.
fn date(author: &Signature) -> String {
    let seconds = author.offset_minutes.saturating_mul(60);
    let offset = jiff::tz::Offset::from_seconds(seconds).unwrap_or(jiff::tz::Offset::UTC);
    let moment = author.time.to_zoned(offset.to_time_zone());
    moment.strftime("%a, %-d %b %Y %H:%M:%S %z").to_string()
}
