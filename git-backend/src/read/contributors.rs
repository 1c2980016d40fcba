//! Who made the commits of a history, and when.

use std::collections::HashMap;

use gix::objs::Kind;

use super::{Log, RawCommit};
use crate::{Kept, ObjectId, OpenRepository, Result};

/// Commits by person and week. Merges do not count.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Contributors {
    /// The commit whose history was counted.
    pub at: ObjectId,
    /// Number of a week, counted from Monday, 5 January 1970, and how many commits; in order.
    pub weeks: Vec<(u32, u32)>,
    /// The most active first.
    pub people: Vec<Contributor>,
    /// Whether some commits or people are left out, because there are too many.
    pub is_cut: bool,
}

/// One person, known by the address in their commits.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Contributor {
    /// The address, in lower case.
    pub email: String,
    /// The name in the newest commit that was counted.
    pub name: String,
    /// How many commits they wrote, or are named in as co-authors.
    pub commits: u64,
    /// Of these, the ones that name them as co-authors.
    pub co_authored: u64,
    /// The same weeks, with these commits.
    pub weeks: Vec<(u32, u32)>,
}

/// The most commits that are counted.
const MOST_COMMITS: usize = 200_000;
/// The most people who are listed.
const MOST_PEOPLE: usize = 2_000;
/// The most co-authors that one commit names.
const MOST_CO_AUTHORS: usize = 20;
const WEEK_SECONDS: i64 = 7 * 24 * 3600;
/// The epoch was a Thursday.
const FIRST_MONDAY: i64 = 4 * 24 * 3600;

impl OpenRepository {
    /// The contributors as they were last counted, perhaps at an older commit.
    pub fn kept_contributors(&self) -> Option<Contributors> {
        read(&self.kept(Kept::Contributors)?)
    }

    /// Counts the contributors up to a commit. Of a history that was counted before and kept, only what is new is counted.
    pub fn count_contributors(&self, head: ObjectId) -> Result<Contributors> {
        let known = self.kept_contributors();
        if let Some(known) = known.as_ref().filter(|known| known.at == head) {
            return Ok(known.clone());
        }
        // A branch that was moved elsewhere is counted from the start.
        let base = known
            .filter(|known| self.has_object(known.at) && self.is_ancestor(known.at, head).unwrap_or(false));
        let log = Log { limit: MOST_COMMITS, without: base.as_ref().map(|base| base.at), ..Log::default() };
        let found = self.log_ids(head, &log)?;
        let mut count = Count::of(base.as_ref());
        let mut is_cut = found.left_out.is_some() || found.value.len() == MOST_COMMITS;
        // The newest come first, and theirs are the names to show.
        let counted = found
            .value
            .into_iter()
            .try_for_each(|id| self.with_object(id.gix(), Kind::Commit, |data| count.add(data)));
        is_cut |= self.budget.answer(counted, ())?.left_out.is_some();
        is_cut |= base.as_ref().is_some_and(|base| base.is_cut);
        Ok(count.finish(head, is_cut))
    }

    /// Keeps what was counted.
    pub fn keep_contributors(&self, counted: &Contributors) -> Result<()> {
        self.keep(Kept::Contributors, &write(counted))
    }
}

struct Count {
    weeks: HashMap<u32, u32>,
    people: HashMap<String, Person>,
}

struct Person {
    /// Empty if it is only known from what was counted before.
    name: String,
    name_before: String,
    commits: u64,
    co_authored: u64,
    weeks: HashMap<u32, u32>,
}

impl Count {
    fn of(base: Option<&Contributors>) -> Self {
        let people = base.map(|base| base.people.as_slice()).unwrap_or_default();
        let person = |person: &Contributor| Person {
            name: String::new(),
            name_before: person.name.clone(),
            commits: person.commits,
            co_authored: person.co_authored,
            weeks: person.weeks.iter().copied().collect(),
        };
        Self {
            weeks: base.map(|base| base.weeks.iter().copied().collect()).unwrap_or_default(),
            people: people.iter().map(|known| (known.email.clone(), person(known))).collect(),
        }
    }

    fn add(&mut self, data: &[u8]) -> Result<()> {
        let commit = RawCommit::parse(data, 2)?;
        if commit.parent_count > 1 {
            return Ok(());
        }
        let author = commit.author();
        let seconds = author.time.as_second();
        let week = u32::try_from((seconds - FIRST_MONDAY).div_euclid(WEEK_SECONDS)).unwrap_or(0);
        let author_email = author.email.to_lowercase();
        for (name, email) in co_authors(&commit.message_text()) {
            if email.to_lowercase() != author_email {
                self.one(&name, &email, week).co_authored += 1;
            }
        }
        self.one(&author.name, &author.email, week);
        *self.weeks.entry(week).or_default() += 1;
        Ok(())
    }

    fn one(&mut self, name: &str, email: &str, week: u32) -> &mut Person {
        let person = self.people.entry(email.to_lowercase()).or_insert_with(|| Person {
            name: String::new(),
            name_before: String::new(),
            commits: 0,
            co_authored: 0,
            weeks: HashMap::new(),
        });
        if person.name.is_empty() {
            name.clone_into(&mut person.name);
        }
        person.commits += 1;
        *person.weeks.entry(week).or_default() += 1;
        person
    }

    fn finish(self, at: ObjectId, is_cut: bool) -> Contributors {
        let in_order = |weeks: HashMap<u32, u32>| {
            let mut weeks: Vec<(u32, u32)> = weeks.into_iter().collect();
            weeks.sort_unstable();
            weeks
        };
        let person = |(email, person): (String, Person)| {
            let weeks = in_order(person.weeks);
            let name = if person.name.is_empty() { person.name_before } else { person.name };
            Contributor { email, name, commits: person.commits, co_authored: person.co_authored, weeks }
        };
        let mut people: Vec<Contributor> = self.people.into_iter().map(person).collect();
        people
            .sort_by(|one, other| other.commits.cmp(&one.commits).then_with(|| one.email.cmp(&other.email)));
        let is_cut = is_cut || people.len() > MOST_PEOPLE;
        people.truncate(MOST_PEOPLE);
        Contributors { at, weeks: in_order(self.weeks), people, is_cut }
    }
}

/// Name and address of each `Co-authored-by:` at the end of a message.
fn co_authors(message: &str) -> Vec<(String, String)> {
    let lines = message.lines().rev().take_while(|line| !line.trim().is_empty());
    let named = lines.filter_map(|line| {
        let (key, person) = line.split_once(':')?;
        let (name, rest) = person.split_once('<')?;
        let (email, _) = rest.split_once('>')?;
        let is_one = key.trim().eq_ignore_ascii_case("co-authored-by") && !email.trim().is_empty();
        is_one.then(|| (name.trim().to_owned(), email.trim().to_owned()))
    });
    named.take(MOST_CO_AUTHORS).collect()
}

/// One line for the commit and all weeks, and one for each person; their parts are separated by tabs.
fn write(contributors: &Contributors) -> Vec<u8> {
    let plain = |text: &str| text.replace(['\t', '\n'], " ");
    let line = |person: &Contributor| {
        let (email, name) = (plain(&person.email), plain(&person.name));
        let weeks = write_weeks(&person.weeks);
        format!("{email}\t{name}\t{}\t{}\t{weeks}\n", person.commits, person.co_authored)
    };
    let (cut, weeks) = (u8::from(contributors.is_cut), write_weeks(&contributors.weeks));
    let head = format!("{}\t{cut}\t{weeks}\n", contributors.at);
    let text: String = std::iter::once(head).chain(contributors.people.iter().map(line)).collect();
    text.into_bytes()
}

fn write_weeks(weeks: &[(u32, u32)]) -> String {
    weeks.iter().map(|(week, count)| format!("{week}:{count}")).collect::<Vec<_>>().join(",")
}

fn read(data: &[u8]) -> Option<Contributors> {
    let mut lines = std::str::from_utf8(data).ok()?.lines();
    let mut head = lines.next()?.split('\t');
    let (at, is_cut) = (head.next()?.parse().ok()?, head.next()? == "1");
    let weeks = read_weeks(head.next()?)?;
    let person = |line: &str| {
        let mut parts = line.split('\t');
        let (email, name) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let (commits, co_authored) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        Some(Contributor { email, name, commits, co_authored, weeks: read_weeks(parts.next()?)? })
    };
    let people = lines.map(person).collect::<Option<Vec<_>>>()?;
    Some(Contributors { at, weeks, people, is_cut })
}

fn read_weeks(text: &str) -> Option<Vec<(u32, u32)>> {
    let week = |text: &str| {
        let (week, count) = text.split_once(':')?;
        Some((week.parse().ok()?, count.parse().ok()?))
    };
    text.split(',').filter(|text| !text.is_empty()).map(week).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn co_authors_are_those_at_the_end_of_the_message() {
        let message = "Title\n\nCo-authored-by: Too Early <early@example.org>\n\nCo-Authored-By: Bo <bo@example.org>\nSigned-off-by: Mei <mei@example.org>\n";
        assert_eq!(co_authors(message), [("Bo".to_owned(), "bo@example.org".to_owned())]);
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let mei = Contributor {
            email: "mei@example.org".to_owned(),
            name: "Mei".to_owned(),
            commits: 3,
            co_authored: 1,
            weeks: vec![(7, 1), (9, 2)],
        };
        let weeks = vec![(7, 1), (9, 1)];
        let kept = Contributors { at: ObjectId::EMPTY_TREE, weeks, people: vec![mei], is_cut: true };
        assert_eq!(read(&write(&kept)), Some(kept));
        assert_eq!(read(b"no list"), None);
    }
}
