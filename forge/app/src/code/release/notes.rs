//! Release notes: the pull requests that were merged since the previous release, by label, with their authors.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use hearth_core::{
    Error, Kind, Language, Permission, Read, Result, ThreadId, Unit, UserId, urls::RepositoryUrls,
};
use hearth_git::{Log, ObjectId, OpenRepository, TagName, TreePath};
use hearth_store::{
    label, release as row,
    release_notes::{self, MergedPull},
};
use hearth_words::{Words, t};

use super::categories::{Categories, Heading, MOST_BYTES, PATHS};
use crate::{Access, App, GitResult as _, content::resolve, repository};

/// Older commits are not looked at.
const MOST_COMMITS: usize = 20_000;
/// Further pull requests are left out, and the notes say so.
const MOST_PULLS: usize = 500;

/// For what notes are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotesWanted {
    /// The tag of the release, which need not exist.
    pub tag: String,
    /// Where the tag will be made if it does not exist; empty: on the default branch.
    pub target: String,
    /// The tag since which to look; none: that of the newest other release.
    pub previous: Option<String>,
}

/// Written notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notes {
    /// Markdown.
    pub text: String,
    /// The tag since which was looked; none: since the beginning.
    pub previous: Option<String>,
}

/// Writes notes in this language. They are a proposal, to be edited.
pub async fn notes(
    app: &App,
    access: &Access<Read>,
    language: Language,
    wanted: NotesWanted,
) -> Result<Notes> {
    let words = Words::of(language);
    let code = access.enter_unit(Unit::Code)?;
    let repository = code.repository().id;
    let mut reader = app.store().read().await?;
    let previous = match wanted.previous.filter(|tag| !tag.is_empty()) {
        Some(chosen) => Some((chosen, true)),
        None => {
            let found = row::find_previous(&mut reader, repository, &wanted.tag, app.now()).await?;
            found.map(|release| (release.tag_name, false))
        }
    };
    drop(reader);
    let default = &code.repository().default_branch;
    let target = if wanted.target.is_empty() { default.clone() } else { wanted.target };
    let git = repository::git(app, code.repository()).await?;
    let tag = wanted.tag.clone();
    let read = git.run_expensive(move |git| history(git, &tag, &target, previous)).await;
    let history = read.map_git()?;
    if history.is_previous_missing {
        return Err(Error::field("previous", "unknown-revision"));
    }
    let reads_pulls = access.can_in(Unit::Pulls, Permission::Read);
    let commits = if reads_pulls { &history.commits[..] } else { &[] };
    let mut reader = app.store().read().await?;
    let mut pulls = release_notes::list_merged(&mut reader, repository, commits).await?;
    let hidden = pulls.len().saturating_sub(MOST_PULLS);
    pulls.drain(..hidden);
    let ids: Vec<ThreadId> = pulls.iter().map(|pull| pull.thread_id).collect();
    let mut labels: HashMap<ThreadId, Vec<String>> = HashMap::new();
    for found in label::list_of_threads(&mut reader, &ids).await? {
        labels.entry(found.thread_id).or_default().push(found.label.name);
    }
    let authors: BTreeSet<UserId> = pulls.iter().map(|pull| pull.author_id).collect();
    let authors: Vec<UserId> = authors.into_iter().collect();
    let first = release_notes::list_first_merges(&mut reader, repository, &authors).await?;
    let first: HashMap<_, _> = first.into_iter().collect();
    drop(reader);
    let urls = RepositoryUrls::new(
        code.repository().kind,
        code.repository().owner.as_str(),
        code.repository().name.as_str(),
    );
    let compare = history.previous.as_deref().map(|previous| {
        let address = app.urls().absolute(&urls.compare_of(previous, &wanted.tag));
        format!("[{previous}...{}]({address})", wanted.tag)
    });
    let draft = Draft {
        words,
        categories: history.categories.unwrap_or_else(|| usual(words)),
        pulls,
        labels,
        first,
        hidden,
        compare,
    };
    Ok(Notes { text: draft.write(), previous: history.previous })
}

/// What git says about the span.
struct History {
    /// Newest first.
    commits: Vec<String>,
    previous: Option<String>,
    is_previous_missing: bool,
    categories: Option<Categories>,
}

fn history(
    git: &OpenRepository,
    tag: &str,
    target: &str,
    previous: Option<(String, bool)>,
) -> hearth_git::Result<History> {
    let head = match TagName::new(tag).ok().map(|tag| git.resolve_tag(&tag)) {
        Some(Ok(commit)) => commit,
        Some(Err(error)) if !error.is_not_found() => return Err(error),
        _ => resolve(git, target)?,
    };
    let categories = categories(git, head)?;
    let none = |is_previous_missing| History {
        commits: Vec::new(),
        previous: None,
        is_previous_missing,
        categories: None,
    };
    let since = match &previous {
        Some((tag, is_chosen)) => match resolved_tag(git, tag)? {
            None if *is_chosen => return Ok(none(true)),
            found => found,
        },
        None => None,
    };
    let log = Log { limit: MOST_COMMITS, without: since, ..Log::default() };
    // What takes too long to walk is written as far as it was walked.
    let commits = git.log_ids(head, &log)?.value;
    Ok(History {
        commits: commits.into_iter().map(|id| id.to_string()).collect(),
        previous: previous.filter(|_| since.is_some()).map(|(tag, _)| tag),
        is_previous_missing: false,
        categories,
    })
}

fn resolved_tag(git: &OpenRepository, tag: &str) -> hearth_git::Result<Option<ObjectId>> {
    let Ok(name) = TagName::new(tag) else { return Ok(None) };
    match git.resolve_tag(&name) {
        Ok(commit) => Ok(Some(commit)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the repository itself says about its notes, at the commit that is released.
fn categories(git: &OpenRepository, commit: ObjectId) -> hearth_git::Result<Option<Categories>> {
    for path in PATHS {
        let Some(entry) = git.find_entry(commit, &TreePath::file(*path)?)? else { continue };
        if !entry.kind.is_blob() {
            continue;
        }
        let blob = git.blob(entry.id, MOST_BYTES)?;
        let text = blob.data.as_deref().map(String::from_utf8_lossy);
        return Ok(text.and_then(|text| Categories::parse(&text)));
    }
    Ok(None)
}

/// Where a repository says nothing: by the labels that people know from elsewhere.
fn usual(words: Words) -> Categories {
    let heading = |title: &str, labels: &[&str]| Heading {
        title: title.to_owned(),
        labels: labels.iter().map(ToString::to_string).collect(),
        ..Heading::default()
    };
    let headings = vec![
        heading(t!(words, "repo-releases-notes-breaking"), &["breaking", "breaking-change"]),
        heading(t!(words, "repo-releases-notes-features"), &["enhancement", "feature"]),
        heading(t!(words, "repo-releases-notes-fixes"), &["bug", "fix"]),
        heading(t!(words, "repo-releases-notes-documentation"), &["documentation", "docs"]),
    ];
    Categories { headings, ..Categories::default() }
}

/// Everything of which the text is made.
struct Draft {
    words: Words,
    categories: Categories,
    pulls: Vec<MergedPull>,
    labels: HashMap<ThreadId, Vec<String>>,
    first: HashMap<UserId, hearth_core::Timestamp>,
    hidden: usize,
    compare: Option<String>,
}

impl Draft {
    fn write(&self) -> String {
        let words = self.words;
        let none = Vec::new();
        let labels_of = |pull: &MergedPull| self.labels.get(&pull.thread_id).unwrap_or(&none);
        let listed: Vec<&MergedPull> = self
            .pulls
            .iter()
            .filter(|pull| !self.categories.excluded.has(labels_of(pull), pull.author.as_str()))
            .collect();
        let mut sorted: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        let last = self.categories.headings.len();
        for pull in &listed {
            let takes = |heading: &Heading| heading.takes(labels_of(pull), pull.author.as_str());
            let place = self.categories.headings.iter().position(takes).unwrap_or(last);
            sorted.entry(place).or_default().push(self.line(pull));
        }
        let mut blocks = Vec::new();
        if listed.is_empty() {
            blocks.push(t!(words, "repo-releases-notes-nothing").to_owned());
        } else {
            blocks.push(format!("## {}", t!(words, "repo-releases-notes-changes")));
        }
        for (place, lines) in &sorted {
            let other = t!(words, "repo-releases-notes-other");
            let title = self.categories.headings.get(*place).map_or(other, |heading| heading.title.as_str());
            // Without any other heading, this one would say nothing.
            if sorted.len() > 1 || *place != last {
                blocks.push(format!("### {title}"));
            }
            blocks.push(lines.join("\n"));
        }
        if self.hidden > 0 {
            blocks.push(t!(words, "repo-releases-notes-hidden", count = self.hidden));
        }
        let new = self.newcomers(&listed);
        if !new.is_empty() {
            blocks.push(format!("## {}", t!(words, "repo-releases-notes-newcomers")));
            blocks.push(new.join("\n"));
        }
        if let Some(compare) = &self.compare {
            blocks.push(t!(words, "repo-releases-notes-compare", link = compare));
        }
        blocks.join("\n\n")
    }

    fn line(&self, pull: &MergedPull) -> String {
        let number = format!("#{}", pull.number);
        let (title, author) = (plain(&pull.title), format!("@{}", pull.author));
        format!(
            "- {}",
            t!(self.words, "repo-releases-notes-line", title = title, author = author, number = number)
        )
    }

    /// Whoever had never had anything merged before, by their first pull request.
    fn newcomers(&self, listed: &[&MergedPull]) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let is_first = |pull: &&&MergedPull| self.first.get(&pull.author_id) == Some(&pull.merged_at);
        let new = listed.iter().filter(is_first).filter(|pull| seen.insert(pull.author_id));
        new.map(|pull| {
            let (author, number) = (format!("@{}", pull.author), format!("#{}", pull.number));
            format!("- {}", t!(self.words, "repo-releases-notes-newcomer", author = author, number = number))
        })
        .collect()
    }
}

/// A title as text: nothing in it becomes markup or mentions anybody.
fn plain(title: &str) -> String {
    title
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .flat_map(|letter| {
            let is_sign = "\\`*_[]<>!@#|~$".contains(letter);
            is_sign.then_some('\\').into_iter().chain([letter])
        })
        .collect()
}

/// The tags of the published releases that notes can begin at.
pub async fn previous_tags(app: &App, access: &Access<Read>) -> Result<Vec<String>> {
    let filter = row::ReleaseFilter { is_draft: Some(false), ..row::ReleaseFilter::default() };
    let request = hearth_core::PageRequest::new(1, hearth_core::PageRequest::LARGEST);
    if !access.can_in(Unit::Releases, Permission::Read) {
        return Err(Error::NotFound(Kind::Release));
    }
    let mut reader = app.store().read().await?;
    let found = row::list(&mut reader, access.repository().id, filter, request).await?;
    Ok(found.into_iter().map(|release| release.tag_name).collect())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_title_mentions_nobody_and_is_no_markup() {
        assert_eq!(plain("Fix @mei\u{7}s [link](x)"), "Fix \\@mei s \\[link\\](x)");
    }
}
