//! What a text may refer to: `@mei`, `@lab/core`, `#12`, `!12`, `mei/llm#12`, `task#7`, `mei/bert@v1` and commit ids.

mod link;
mod scan;

use std::collections::{BTreeMap, BTreeSet};

use hearth_core::{RepositoryKind, TaskId, TaskState, ThreadKind, UserName};

pub(super) use link::link;
pub(super) use scan::{Reference, scan};

/// The longest path of a thread's address, with all that may follow it.
const LONGEST_PATH: usize = 400;
/// How many references of each kind one text may have looked up.
const MOST_OF_TEXT: usize = 100;
/// The same for all texts of one page.
const MOST_OF_PAGE: usize = 2_000;
/// The same for what is elsewhere: teams, models, and threads of other repositories, each of which has to be entered.
const MOST_FOREIGN_OF_TEXT: usize = 20;
const MOST_FOREIGN_OF_PAGE: usize = 100;

/// The references in a text, before it is known whether they exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Lowercase.
    pub people: BTreeSet<String>,
    pub teams: BTreeSet<TeamMention>,
    /// Threads of the text's own repository.
    pub threads: BTreeSet<i64>,
    /// Threads of other repositories, given with the repository.
    pub foreign: BTreeSet<ForeignThread>,
    pub tasks: BTreeSet<TaskId>,
    pub models: BTreeSet<ModelMention>,
    /// 7 to 40 lowercase hex characters.
    pub commits: BTreeSet<String>,
}

/// A team, given with its organisation: `@lab/core`. Both lowercase.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TeamMention {
    pub organization: String,
    pub team: String,
}

/// A thread given with its repository: `mei/llm#12`, `mei/llm!12`, or its full address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ForeignThread {
    pub kind: RepositoryKind,
    /// Lowercase, as is `name`.
    pub owner: String,
    pub name: String,
    pub number: i64,
}

/// A version of a model: `mei/bert@v1`, or `bert@v1` where the owner is that of the text's repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelMention {
    /// Lowercase, as is `name`. None: the owner of the text's repository.
    pub owner: Option<String>,
    pub name: String,
    /// As written: versions of models differ by case.
    pub version: String,
}

impl ForeignThread {
    fn new(kind: RepositoryKind, owner: &str, name: &str, number: i64) -> Self {
        Self { kind, owner: owner.to_ascii_lowercase(), name: name.to_ascii_lowercase(), number }
    }

    /// The thread that an address of this site points to; `root` is the site's own address.
    pub fn of_address(root: &str, address: &str) -> Option<Self> {
        let path = address.strip_prefix(root)?.strip_prefix('/')?;
        let path = path.split(['#', '?']).next()?;
        let mut parts: Vec<&str> = path.split('/').collect();
        let kind = match *parts.first()? {
            "models" => RepositoryKind::Model,
            "datasets" => RepositoryKind::Dataset,
            _ => RepositoryKind::Code,
        };
        if kind != RepositoryKind::Code {
            parts.remove(0);
        }
        let [owner, name, "issues" | "pulls", number] = parts[..] else { return None };
        let number = number.parse().ok().filter(|&number| number > 0)?;
        Some(Self::new(kind, owner, name, number))
    }
}

impl References {
    /// Everything in the text that looks like a reference, even in code: a few too many do no harm. `root` is the
    /// site's own address.
    pub fn of(root: &str, text: &str) -> Self {
        let mut found = Self::default();
        found.look_through(text);
        for thread in
            addresses(root, text).filter_map(|(_, address)| ForeignThread::of_address(root, address))
        {
            found.take_foreign(thread);
        }
        found
    }

    /// Adds the references in a piece of text, up to the limits.
    pub(super) fn look_through(&mut self, text: &str) {
        for (_, reference) in scan(text) {
            match reference {
                Reference::Person(name) => self.take_person(name),
                Reference::Team(team) => {
                    // Without a team of this name, it is a person followed by a slash.
                    self.take_person(&team.organization);
                    take(&mut self.teams, team, MOST_FOREIGN_OF_TEXT);
                }
                Reference::Thread(number) => take(&mut self.threads, number, MOST_OF_TEXT),
                Reference::ForeignThread(thread) => self.take_foreign(thread),
                Reference::Task(id) => take(&mut self.tasks, id, MOST_OF_TEXT),
                Reference::Model(model) => take(&mut self.models, model, MOST_FOREIGN_OF_TEXT),
                Reference::Commit(id) => take(&mut self.commits, id.to_owned(), MOST_OF_TEXT),
            }
        }
    }

    fn take_person(&mut self, name: &str) {
        take(&mut self.people, name.to_ascii_lowercase(), MOST_OF_TEXT);
    }

    pub(super) fn take_foreign(&mut self, thread: ForeignThread) {
        take(&mut self.foreign, thread, MOST_FOREIGN_OF_TEXT);
    }

    /// Adds those of another text of the same page, up to the limits.
    pub fn add(&mut self, other: &Self) {
        extend(&mut self.people, &other.people, MOST_OF_PAGE);
        extend(&mut self.teams, &other.teams, MOST_FOREIGN_OF_PAGE);
        extend(&mut self.threads, &other.threads, MOST_OF_PAGE);
        extend(&mut self.foreign, &other.foreign, MOST_FOREIGN_OF_PAGE);
        extend(&mut self.tasks, &other.tasks, MOST_OF_PAGE);
        extend(&mut self.models, &other.models, MOST_FOREIGN_OF_PAGE);
        extend(&mut self.commits, &other.commits, MOST_OF_PAGE);
    }

    /// At most `most` of each kind: those that take effect beyond their links.
    pub(crate) fn truncate(&mut self, most: usize) {
        truncate(&mut self.people, most);
        truncate(&mut self.teams, most);
        truncate(&mut self.threads, most);
        truncate(&mut self.foreign, most);
    }
}

fn take<T: Ord>(set: &mut BTreeSet<T>, value: T, most: usize) {
    if set.len() < most {
        set.insert(value);
    }
}

fn extend<T: Ord + Clone>(set: &mut BTreeSet<T>, others: &BTreeSet<T>, most: usize) {
    for value in others {
        take(set, value.clone(), most);
    }
}

fn truncate<T: Ord + Clone>(set: &mut BTreeSet<T>, most: usize) {
    if let Some(first_left_out) = set.iter().nth(most).cloned() {
        set.split_off(&first_left_out);
    }
}

/// The addresses of this site in a text, each with its place. Of long ones, which lead to no thread, none: where one
/// is written directly after the other, each would go on to the end of the text.
pub(super) fn addresses<'t>(root: &'t str, text: &'t str) -> impl Iterator<Item = (usize, &'t str)> {
    text.match_indices(root).filter_map(move |(start, _)| {
        let rest = &text[start..];
        let beginning = &rest[..rest.floor_char_boundary(root.len() + LONGEST_PATH)];
        let word = beginning.split(char::is_whitespace).next()?;
        let is_whole = word.len() < beginning.len() || beginning.len() == rest.len();
        is_whole.then(|| (start, word.trim_end_matches(['.', ',', ';', ':', ')', '>'])))
    })
}

/// Those of a text's [`References`] that exist and that the reader may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Maps the lowercase name to the name as written.
    pub people: BTreeMap<String, UserName>,
    pub teams: BTreeSet<TeamMention>,
    pub threads: BTreeMap<i64, KnownThread>,
    pub foreign: BTreeMap<ForeignThread, KnownThread>,
    pub tasks: BTreeMap<TaskId, KnownTask>,
    /// Maps a version to the address of its files.
    pub models: BTreeMap<ModelMention, String>,
    /// Maps the abbreviated id in the text to the full id.
    pub commits: BTreeMap<String, String>,
}

/// What the link to a thread says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownThread {
    pub kind: ThreadKind,
    pub title: String,
    pub is_open: bool,
}

/// What the link to a task says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTask {
    pub name: String,
    pub state: TaskState,
}

impl Known {
    /// Narrows this to the references of one text, so that an unchanged text stays cached.
    #[must_use]
    pub fn only(&self, references: &References) -> Self {
        Self {
            people: narrow(&self.people, &references.people),
            teams: self.teams.intersection(&references.teams).cloned().collect(),
            threads: narrow(&self.threads, &references.threads),
            foreign: narrow(&self.foreign, &references.foreign),
            tasks: narrow(&self.tasks, &references.tasks),
            models: narrow(&self.models, &references.models),
            commits: narrow(&self.commits, &references.commits),
        }
    }
}

fn narrow<K: Ord + Clone, V: Clone>(all: &BTreeMap<K, V>, keys: &BTreeSet<K>) -> BTreeMap<K, V> {
    keys.iter().filter_map(|key| Some((key.clone(), all.get(key)?.clone()))).collect()
}
