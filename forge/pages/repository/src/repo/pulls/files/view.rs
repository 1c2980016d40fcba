//! What the files tab shows below its bar: files with their discussions, or what became of each commit.

use hearth_app::{
    App,
    changes::{self, Asked, Changes, FileName},
    pull_request::Version,
    review::{Look, PendingReview},
};
use hearth_core::{LineSide, Permission, ThreadNumber};

use super::{
    query::{FilesQuery, Lines, Shown},
    range::{self, Pair},
    say::{self, Draft, SayForm},
    since::newest_prepared,
    threads::{Placed, Threads, anchor},
};
use crate::{
    Failure, Mistakes, Page,
    diff::{self, Commented, DiffFile, FileReview, Sides, TreeFile, Viewed},
    repo::{RepositoryVisit, pulls::PullFrame, threads::discussion::may_participate},
    words::Html,
};

/// How much changed.
#[derive(Default)]
pub(super) struct Counts {
    /// How many files, in words.
    pub(super) files: String,
    pub(super) additions: u64,
    pub(super) deletions: u64,
    /// How many of the files the reader has ticked, in words.
    pub(super) viewed: Option<String>,
    pub(super) is_truncated: bool,
}

/// Whoever reads the page, and what they ask for.
pub(super) struct Reader<'a> {
    pub(super) app: &'a App,
    pub(super) page: &'a Page,
    pub(super) visit: &'a RepositoryVisit,
    pub(super) number: ThreadNumber,
    pub(super) query: &'a FilesQuery,
    pub(super) frame: &'a PullFrame,
}

/// What is shown below the bar.
#[derive(Default)]
pub(super) struct View {
    pub(super) version: i64,
    pub(super) newest: i64,
    pub(super) counts: Counts,
    pub(super) files: Vec<DiffFile>,
    pub(super) tree_files: Vec<TreeFile>,
    pub(super) pairs: Option<Vec<Pair>>,
    pub(super) other_threads: Vec<(String, Html)>,
    pub(super) say: Option<Html>,
    /// Whether the commits are still being fetched.
    pub(super) is_preparing: bool,
}

impl View {
    /// In place of changes whose commits are not there yet.
    pub(super) fn preparing(version: i64) -> Self {
        Self { version, newest: version, is_preparing: true, ..Self::default() }
    }
}

impl Reader<'_> {
    pub(super) fn here(&self) -> String {
        self.visit.urls.pull_part(self.number, "files")
    }

    /// As in the conversation: nobody comments where a repository is archived, nor readers where a discussion is locked.
    pub(super) fn may_comment(&self) -> bool {
        may_participate(self.visit, self.frame.pull())
    }

    /// Whether they may try to put suggestions into effect: whether the head branch lets them is asked when they do.
    pub(super) fn may_apply(&self) -> bool {
        let viewer = self.visit.access.actor().user_id();
        let is_author = viewer == Some(self.frame.pull().author_id);
        viewer.is_some()
            && self.frame.pull().is_open()
            && (is_author || self.visit.access.can(Permission::Write))
    }

    /// What became of each commit since a version.
    pub(super) async fn commits(&self, since: i64, versions: &[Version]) -> Result<View, Failure> {
        let newest = newest_prepared(versions).unwrap_or(1);
        let version = self.query.version().unwrap_or(newest).min(newest);
        let found = changes::range_diff(self.app, &self.visit.access, self.number, since, version).await?;
        let is_cut = !found.is_whole() || found.value.is_by_title;
        let pairs = range::draw(self.page, &self.visit.urls, found.value);
        let counts = Counts {
            files: t!(self.page, "repo-pulls-files-pairs", count = pairs.len() as u64),
            additions: 0,
            deletions: 0,
            viewed: None,
            is_truncated: is_cut,
        };
        Ok(View { version, newest, counts, pairs: Some(pairs), ..View::default() })
    }

    pub(super) async fn files(
        &self,
        asked: &Asked,
        shown: &Shown,
        look: &Look,
        pending: Option<&PendingReview>,
        draft: &Draft,
    ) -> Result<View, Failure> {
        let found = changes::changes(self.app, &self.visit.access, self.number, asked).await?;
        let commented = match shown {
            _ if !self.may_comment() => Commented::No,
            Shown::Everything => Commented::BothSides,
            Shown::Since { .. } => Commented::NewSide,
            Shown::Commit(_) => Commented::No,
        };
        let placed = match shown {
            Shown::Commit(_) => Placed::Nowhere,
            Shown::Everything | Shown::Since { .. } => Placed::In {
                version: (found.version < found.newest).then_some(found.version),
                is_old_side_shown: *shown == Shown::Everything,
            },
        };
        let mut threads =
            Threads::read(self.app, self.page, self.visit, self.number, placed, self.may_apply()).await?;
        if let Some(lines) = self.query.commented().filter(|_| commented != Commented::No) {
            threads.put(&lines.path, lines.mark(), self.say(&found, &lines, pending, draft)?);
        }
        let here = self.here();
        let sides = Sides {
            urls: &self.visit.urls,
            old: found.base.as_ref().map(ToString::to_string),
            new: found.head.to_string(),
            page: &here,
        };
        let tree_files = self.tree(&found, look, &threads);
        let may_tick =
            self.page.is_signed_in() && *shown == Shown::Everything && found.version == found.newest;
        let mut files = Vec::with_capacity(found.files.len());
        for drawn in &found.files {
            let mut file = diff::draw(self.page, &sides, &self.query.diff, drawn);
            let viewed = may_tick.then(|| {
                let identity = drawn.file.identity();
                Viewed { is_viewed: look.is_viewed(&file.path, &identity), identity }
            });
            file.review = Some(FileReview { commented, viewed, below: Html::default() });
            threads.attach(&mut file);
            files.push(file);
        }
        let say = match commented {
            Commented::No => None,
            Commented::NewSide | Commented::BothSides => Some(self.empty_say(&found, pending)?),
        };
        let other_threads = if self.query.diff.is_of_one_file() { Vec::new() } else { threads.rest() };
        Ok(View {
            version: found.version,
            newest: found.newest,
            counts: self.counts(&found, may_tick, look),
            files,
            tree_files,
            other_threads,
            say,
            ..View::default()
        })
    }

    fn counts(&self, found: &Changes, may_tick: bool, look: &Look) -> Counts {
        let total = found.total_files as u64;
        let is_viewed = |name: &&FileName| look.is_viewed(&name.path, &name.identity);
        let viewed = found.names.iter().filter(is_viewed).count() as u64;
        Counts {
            files: if found.is_counted_in_part {
                t!(self.page, "repo-commit-files-more", count = total)
            } else {
                t!(self.page, "repo-commit-files", count = total)
            },
            additions: found.additions as u64,
            deletions: found.deletions as u64,
            viewed: (may_tick && !self.query.diff.is_of_one_file())
                .then(|| t!(self.page, "repo-pulls-files-viewed", viewed = viewed, total = total)),
            is_truncated: found.is_truncated && !self.query.diff.is_of_one_file(),
        }
    }

    /// All files: those on the page by their place, others by a page of their own.
    fn tree(&self, found: &Changes, look: &Look, threads: &Threads) -> Vec<TreeFile> {
        let here = self.here();
        let on_page = found.files.iter().map(|drawn| TreeFile {
            path: drawn.file.path().to_owned(),
            sign: diff::sign(drawn.file.status),
            address: anchor(drawn.file.path()),
            is_viewed: look.is_viewed(drawn.file.path(), &drawn.file.identity()),
            threads: threads.count(drawn.file.path()),
        });
        let others = found.names.iter().skip(found.files.len()).map(|name| TreeFile {
            sign: diff::sign(name.status),
            address: self.query.diff.address_with(&here, &[("file", &name.path)]),
            is_viewed: look.is_viewed(&name.path, &name.identity),
            threads: threads.count(&name.path),
            path: name.path.clone(),
        });
        on_page.chain(others).collect()
    }

    /// The form under the lines that the address names.
    fn say(
        &self,
        found: &Changes,
        lines: &Lines,
        pending: Option<&PendingReview>,
        draft: &Draft,
    ) -> Result<Html, Failure> {
        let suggestion = say::suggestion(&found.files, lines);
        let body = match draft.body.as_str() {
            "" if self.query.suggests() => suggestion.clone(),
            entered => entered.to_owned(),
        };
        let here = self.here();
        let (first, mark) = (lines.first.to_string(), lines.mark());
        let suggested =
            [("file", lines.path.as_str()), ("comment", &mark), ("first", &first), ("suggest", "1")];
        let form = SayForm {
            suggest: if suggestion.is_empty() || self.query.suggests() {
                String::new()
            } else {
                self.query.diff.address_with(&here, &suggested)
            },
            path: lines.path.clone(),
            side: lines.side.as_str(),
            first: lines.first.to_string(),
            last: lines.last.to_string(),
            body,
            mistakes: draft.mistakes.clone(),
            ..self.blank_say(found, pending)
        };
        Ok(form.draw()?)
    }

    /// The form for scripts to fill in.
    fn empty_say(&self, found: &Changes, pending: Option<&PendingReview>) -> Result<Html, Failure> {
        let form = SayForm { suggest: "#".to_owned(), ..self.blank_say(found, pending) };
        Ok(form.draw()?)
    }

    fn blank_say(&self, found: &Changes, pending: Option<&PendingReview>) -> SayForm<'_> {
        SayForm {
            page: self.page,
            action: self.visit.urls.pull_part(self.number, "line-comments"),
            preview: self.visit.urls.markdown(),
            back: self.query.diff.address(&self.here()),
            suggest: String::new(),
            path: String::new(),
            side: LineSide::New.as_str(),
            first: String::new(),
            last: String::new(),
            version: found.version,
            newer: (found.version < found.newest).then_some(found.newest),
            body: String::new(),
            mistakes: Mistakes::none(),
            is_reviewing: pending.is_some(),
        }
    }
}
