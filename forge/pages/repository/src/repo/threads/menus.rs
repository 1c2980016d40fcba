//! The menus above a list of threads: each entry is the address of the same list with one part of the query changed.

use hearth_app::{
    label::Label,
    thread::{ThreadQuery, ThreadSort},
};

use super::{MenuLink, Tools};
use crate::Page;

/// The menus that the lists of all kinds of threads have.
pub(crate) struct Menus {
    pub(crate) labels: Vec<MenuLink>,
    pub(crate) assignees: Vec<MenuLink>,
    pub(crate) milestones: Vec<MenuLink>,
    pub(crate) sorts: Vec<MenuLink>,
}

impl Menus {
    /// `address` is that of the list with another query.
    pub(crate) fn new(
        page: &Page,
        tools: &Tools,
        query: &ThreadQuery,
        address: impl Fn(ThreadQuery) -> String,
    ) -> Self {
        let people = tools.people.iter().map(ToString::to_string);
        let titles = tools.milestones.iter().map(|milestone| milestone.title.clone());
        let labels_on = (query.labels.as_slice(), query.is_unlabeled);
        let assignee_on = (query.assignee.as_deref(), query.is_unassigned);
        let milestone_on = (query.milestone.as_deref(), query.has_no_milestone);
        Self {
            labels: labels(page, &tools.labels, labels_on, |labels, is_unlabeled| {
                address(ThreadQuery { labels, is_unlabeled, ..query.clone() })
            }),
            assignees: assignees(page, people, assignee_on, |assignee, is_unassigned| {
                address(ThreadQuery { assignee, is_unassigned, ..query.clone() })
            }),
            milestones: milestones(page, titles, milestone_on, |milestone, has_no_milestone| {
                address(ThreadQuery { milestone, has_no_milestone, ..query.clone() })
            }),
            sorts: sorts(page, query.sort, |sort| address(ThreadQuery { sort, ..query.clone() })),
        }
    }
}

/// The most common queries of signed-in users: what they have opened, what is theirs to do, what names them.
pub(crate) fn mine(
    page: &Page,
    query: &ThreadQuery,
    address: impl Fn(ThreadQuery) -> String,
) -> Vec<MenuLink> {
    if !page.is_signed_in() {
        return Vec::new();
    }
    let link = |text: &str, is_on, changed: ThreadQuery| MenuLink::plain(text, address(changed), is_on);
    vec![
        link(
            t!(page, "repo-issues-list-mine-opened"),
            is_me(query.author.as_ref()),
            ThreadQuery { author: toggled(query.author.as_ref()), ..query.clone() },
        ),
        link(
            t!(page, "repo-issues-list-mine-assigned"),
            is_me(query.assignee.as_ref()),
            ThreadQuery { assignee: toggled(query.assignee.as_ref()), is_unassigned: false, ..query.clone() },
        ),
        link(
            t!(page, "repo-issues-list-mine-mentioned"),
            is_me(query.mentions.as_ref()),
            ThreadQuery { mentions: toggled(query.mentions.as_ref()), ..query.clone() },
        ),
    ]
}

/// Labels, of which several may be chosen; `address` gets the names and whether threads without any are wanted.
fn labels(
    page: &Page,
    all: &[Label],
    (chosen, is_unlabeled): (&[String], bool),
    address: impl Fn(Vec<String>, bool) -> String,
) -> Vec<MenuLink> {
    let none = MenuLink::plain(
        t!(page, "repo-issues-list-no-label"),
        address(Vec::new(), !is_unlabeled),
        is_unlabeled,
    );
    let link = |label: &Label| {
        let is_it = |name: &String| name.to_lowercase() == label.name.to_lowercase();
        let is_on = chosen.iter().any(is_it);
        let mut names = chosen.to_vec();
        if is_on {
            names.retain(|name| !is_it(name));
        } else {
            names.push(label.name.clone());
        }
        MenuLink {
            address: address(names, false),
            color: format!("#{}", label.color),
            text: label.name.clone(),
            is_on,
        }
    };
    std::iter::once(none).chain(all.iter().map(link)).collect()
}

/// One person, or nobody; `address` gets the name and whether threads without an assignee are wanted.
fn assignees(
    page: &Page,
    names: impl Iterator<Item = String>,
    (chosen, is_unassigned): (Option<&str>, bool),
    address: impl Fn(Option<String>, bool) -> String,
) -> Vec<MenuLink> {
    let nobody =
        MenuLink::plain(t!(page, "repo-issues-list-nobody"), address(None, !is_unassigned), is_unassigned);
    let link = |name: String| {
        let is_on = chosen == Some(name.as_str());
        let next = (!is_on).then(|| name.clone());
        MenuLink::plain(name, address(next, false), is_on)
    };
    std::iter::once(nobody).chain(names.map(link)).collect()
}

/// One milestone, or none; `address` gets its title and whether threads without one are wanted.
fn milestones(
    page: &Page,
    titles: impl Iterator<Item = String>,
    (chosen, has_none): (Option<&str>, bool),
    address: impl Fn(Option<String>, bool) -> String,
) -> Vec<MenuLink> {
    let none = MenuLink::plain(t!(page, "repo-issues-list-no-milestone"), address(None, !has_none), has_none);
    let link = |title: String| {
        let is_on = chosen == Some(title.as_str());
        let next = (!is_on).then(|| title.clone());
        MenuLink::plain(title, address(next, false), is_on)
    };
    std::iter::once(none).chain(titles.map(link)).collect()
}

/// The orders; `address` gets none for the usual one.
fn sorts(
    page: &Page,
    chosen: Option<ThreadSort>,
    address: impl Fn(Option<ThreadSort>) -> String,
) -> Vec<MenuLink> {
    let link = |&sort: &ThreadSort| {
        let text = match sort {
            ThreadSort::Newest => t!(page, "repo-issues-list-sort-newest"),
            ThreadSort::Oldest => t!(page, "repo-issues-list-sort-oldest"),
            ThreadSort::RecentlyUpdated => t!(page, "repo-issues-list-sort-updated"),
            ThreadSort::LeastRecentlyUpdated => t!(page, "repo-issues-list-sort-not-updated"),
            ThreadSort::MostCommented => t!(page, "repo-issues-list-sort-commented"),
            ThreadSort::LeastCommented => t!(page, "repo-issues-list-sort-not-commented"),
        };
        let next = (sort != ThreadSort::Newest).then_some(sort);
        MenuLink::plain(text, address(next), chosen == next)
    };
    ThreadSort::ALL.iter().map(link).collect()
}

/// What concerns the reader: each entry is a query with `me` in one place, or without it again.
pub(crate) fn toggled(name: Option<&String>) -> Option<String> {
    if is_me(name) { None } else { Some("me".to_owned()) }
}

pub(crate) fn is_me(name: Option<&String>) -> bool {
    name.is_some_and(|name| name == "me")
}
