//! What the text of a search box says of threads of any kind: `label:bug author:mei "out of memory"`.

use hearth_core::{Read, Result};
use hearth_store::{
    Ask, label, milestone,
    thread_filter::{ThreadFilter, ThreadSort},
    user,
};

use super::query_text::{MOST_PARTS, key_and_value, named, person, quoted, word};
use crate::{Access, App, user::User};

/// The conditions that all kinds of threads share, as they were written.
#[expect(clippy::struct_excessive_bools, reason = "each is a condition of its own")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreadQuery {
    /// Names; a thread must have all of them.
    pub labels: Vec<String>,
    pub is_unlabeled: bool,
    pub author: Option<String>,
    pub assignee: Option<String>,
    pub is_unassigned: bool,
    /// A title.
    pub milestone: Option<String>,
    pub has_no_milestone: bool,
    /// Waits for something that is open.
    pub is_blocked: bool,
    /// Its due date has passed.
    pub is_overdue: bool,
    pub mentions: Option<String>,
    pub sort: Option<ThreadSort>,
    /// Words and quoted phrases.
    pub words: Vec<String>,
}

impl ThreadQuery {
    /// What has this label.
    pub fn labelled(name: &str) -> Self {
        Self { labels: vec![name.to_owned()], ..Self::default() }
    }

    /// What is to be done for the milestone with this title.
    pub fn of_milestone(title: &str) -> Self {
        Self { milestone: Some(title.to_owned()), ..Self::default() }
    }

    /// Whether it leaves nothing out; the order does not matter.
    pub fn is_everything(&self) -> bool {
        Self { sort: None, ..self.clone() } == Self::default()
    }

    /// Takes a part that is no condition of one kind of thread alone. What is no condition at all is searched for.
    pub(crate) fn take(&mut self, part: &str) {
        let Some((key, value)) = key_and_value(part) else {
            self.words.extend(word(part));
            return;
        };
        let person = || person(value);
        match (key.to_ascii_lowercase().as_str(), value) {
            ("no", "label" | "labels") => self.is_unlabeled = true,
            ("no", "assignee") => self.is_unassigned = true,
            ("no", "milestone") => self.has_no_milestone = true,
            ("is", "blocked") => self.is_blocked = true,
            ("is", "overdue") => self.is_overdue = true,
            ("milestone", title) => self.milestone = Some(title.to_owned()),
            ("label", name) => self.labels.push(name.to_owned()),
            ("author", _) if person().is_some() => self.author = person(),
            ("assignee", _) if person().is_some() => self.assignee = person(),
            ("mentions", _) if person().is_some() => self.mentions = person(),
            ("sort", order) if order.parse::<ThreadSort>().is_ok() => self.sort = order.parse().ok(),
            _ => self.words.push(part.to_owned()),
        }
    }

    /// Resolves the names; `me` is the actor. A name that nobody has matches nothing, as it should.
    pub(crate) async fn filter(
        &self,
        app: &App,
        ask: &mut impl Ask,
        access: &Access<Read>,
    ) -> Result<ThreadFilter> {
        let mut filter = ThreadFilter {
            is_unassigned: self.is_unassigned,
            is_unlabeled: self.is_unlabeled,
            has_no_milestone: self.has_no_milestone,
            is_blocked: self.is_blocked,
            due_before: self.is_overdue.then(|| app.now()),
            words: self.words.iter().filter(|word| !word.is_empty()).cloned().collect(),
            is_empty: self.labels.len() > MOST_PARTS,
            ..ThreadFilter::default()
        };
        for name in self.labels.iter().take(MOST_PARTS) {
            match label::find_by_name(ask, access.repository().id, name).await? {
                Some(label) => filter.labels.push(label.id),
                None => filter.is_empty = true,
            }
        }
        if let Some(title) = &self.milestone {
            let found = milestone::find_by_title(ask, access.repository().id, title).await?;
            filter.is_empty |= found.is_none();
            filter.milestone = found.map(|found| found.id);
        }
        let mut people = [None, None, None];
        for (name, found) in [&self.author, &self.assignee, &self.mentions].into_iter().zip(&mut people) {
            let Some(name) = name else { continue };
            *found = find_person(ask, access, name).await?;
            filter.is_empty |= found.is_none();
        }
        let [author, assignee, mentions] = people;
        filter.author = author.map(|user| user.id);
        filter.assignee = assignee.map(|user| user.id);
        filter.mentions = mentions.map(|user| user.name);
        Ok(filter)
    }

    /// The conditions, the order, and last the words, as [`Self::take`] takes them.
    pub(crate) fn parts(&self) -> Vec<String> {
        let mut parts: Vec<String> = self.labels.iter().map(|name| named("label", name)).collect();
        let when = |is_on: bool, part: &str| is_on.then(|| part.to_owned());
        parts.extend(when(self.is_unlabeled, "no:label"));
        for (key, value) in
            [("author", &self.author), ("assignee", &self.assignee), ("mentions", &self.mentions)]
        {
            parts.extend(value.iter().map(|value| named(key, value)));
        }
        parts.extend(when(self.is_unassigned, "no:assignee"));
        parts.extend(self.milestone.iter().map(|title| named("milestone", title)));
        parts.extend(when(self.has_no_milestone, "no:milestone"));
        parts.extend(when(self.is_blocked, "is:blocked"));
        parts.extend(when(self.is_overdue, "is:overdue"));
        parts.extend(self.sort.map(|sort| format!("sort:{sort}")));
        parts.extend(self.words.iter().map(|word| quoted(word)));
        parts
    }
}

/// The person whom a query names.
pub(crate) async fn find_person(
    ask: &mut impl Ask,
    access: &Access<Read>,
    name: &str,
) -> Result<Option<User>> {
    match access.actor().user() {
        Some(me) if name == "me" => Ok(Some(me.clone())),
        _ => Ok(user::find_by_name(ask, name).await?),
    }
}
