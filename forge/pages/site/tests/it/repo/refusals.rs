//! Every form of a repository, sent by those who may not: visitors, strangers to a private repository, people who only read.
//! The addresses are those of the router, so that a new form is tried as soon as it is there.

use axum::http::StatusCode;
use hearth_app::{
    Unit,
    activity::{self, Feed},
    issue::{self, NewIssue},
    repository::{self, Edit},
};
use hearth_core::{Visibility, urls};

use super::pulls::{asked, enter};
use crate::site::{Answer, Browser, Site};

/// The start of an address within a repository.
const REPOSITORY: &str = "/{owner}/{name}/";

/// What everybody who reads a repository may do: talk, ask, propose, keep an eye on it, keep notes of their own. A change of
/// several threads says of each why it was left out.
const FOR_READERS: &[&str] = &[
    "attachments",
    "compare/{*rest}",
    "delete/{kind}/{*rest}",
    "edit/{kind}/{*rest}",
    "fork",
    "issues/bulk",
    "issues/comments/{id}/reactions",
    "issues/new",
    "issues/queries",
    "issues/queries/{id}/delete",
    "issues/{number}/comments",
    "issues/{number}/reactions",
    "issues/{number}/subscription",
    "leave",
    "markdown",
    "new/{kind}/{*rest}",
    "pulls/bulk",
    "pulls/comments/{id}/reactions",
    "pulls/queries",
    "pulls/queries/{id}/delete",
    "pulls/{number}/comments",
    "pulls/{number}/line-comments",
    "pulls/{number}/line-comments/{id}/reply",
    "pulls/{number}/reactions",
    "pulls/{number}/review",
    "pulls/{number}/review/discard",
    "pulls/{number}/subscription",
    "pulls/{number}/viewed",
    "star",
    "upload/{kind}/{*rest}",
    "watch",
];

/// Something for every field that a form may have.
const FIELDS: &[(&str, &str)] = &[
    ("action", "restore"),
    ("assignees", "bo"),
    ("back", ""),
    ("base", "main"),
    ("body", "fresh"),
    ("branch", "feature"),
    ("change", "close"),
    ("choice", "everything"),
    ("color", "ff0000"),
    ("comments", "1"),
    ("content", "fresh"),
    ("default_branch", "main"),
    ("description", "fresh"),
    ("from", "feature"),
    ("head", "feature"),
    ("labels", "1"),
    ("message", "fresh"),
    ("method", "merge"),
    ("milestone", "1"),
    ("name", "fresh"),
    ("numbers", "1"),
    ("onto", "main"),
    ("other", "#1"),
    ("owner", "eve"),
    ("path", "fresh.txt"),
    ("pattern", "main"),
    ("reaction", "heart"),
    ("reason", "fresh"),
    ("request", "bo"),
    ("seen_default_branch", "main"),
    ("seen_description", ""),
    ("seen_website", ""),
    ("size", "1"),
    ("tick", "x:program.py"),
    ("title", "fresh"),
    ("to", "fresh"),
    ("topic", "ai"),
    ("verdict", "comment"),
    ("visibility", "private"),
    ("website", ""),
];

/// The addresses within a repository, as the router has them. Its text names each beside its number.
fn addresses(site: &Site) -> Vec<String> {
    let router = format!("{:?}", hearth_pages_site::router(site.hearth.app.clone()));
    let named = router.split("): \"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut found: Vec<String> =
        named.filter_map(|path| path.strip_prefix(REPOSITORY)).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    assert!(found.len() > 120 && found.iter().any(|path| path == "star"), "{found:?}");
    found
}

/// An address with the names of things that are there: pull request 1 and issue 2.
fn filled(address: &str) -> String {
    let number = if address.starts_with("pulls/") { "1" } else { "2" };
    let rest = if address.starts_with("compare/") { "main...feature" } else { "main/program.py" };
    let parts = address.split('/').map(|segment| match segment {
        "{number}" => number,
        "{kind}" => "branch",
        "{*rest}" => rest,
        "{*file}" => "main.zip",
        "{revision}" => "main",
        named if named.starts_with('{') => "1",
        plain => plain,
    });
    format!("/mei/llm/{}", parts.collect::<Vec<_>>().join("/"))
}

fn is_refused(answer: &Answer) -> bool {
    let asks_to_sign_in =
        answer.status == StatusCode::SEE_OTHER && answer.header("location").starts_with(urls::sign_in());
    asks_to_sign_in || matches!(answer.status.as_u16(), 401 | 403 | 404)
}

/// Whether nothing came of it, because of what was typed or of how things are.
fn is_not_taken(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 400 | 409 | 422)
}

/// Sends a form in the way that it is sent: as plain fields, or with files.
async fn send(browser: &Browser<'_>, token: &str, address: &str) -> Answer {
    let path = filled(address);
    let answer = browser.post_with(token, &path, FIELDS).await;
    if answer.status != StatusCode::UNPROCESSABLE_ENTITY {
        return answer;
    }
    let other = browser.post_files_with(token, &path, FIELDS, &[("a.txt", "a\n")]).await;
    if is_not_taken(&other) { answer } else { other }
}

async fn token(browser: &Browser<'_>, page: &str) -> String {
    browser.get(page).await.between("name=\"csrf\" value=\"", "\"").to_owned()
}

/// The pull request of others with an issue beside it.
async fn world() -> Site {
    let site = asked().await;
    let issues = enter(&site, "mei", Unit::Issues).await;
    let new = NewIssue { title: "An issue".into(), ..NewIssue::default() };
    issue::open(&site.hearth.app, &issues, new).await.expect("opened");
    site.hearth.user("bo").await;
    site
}

async fn history(site: &Site) -> Feed {
    let access = enter(site, "mei", Unit::Code).await;
    activity::of_repository(&site.hearth.app, &access, None).await.expect("a feed")
}

/// Fails if a form does anything; returns how many were refused.
async fn refused(site: &Site, browser: &Browser<'_>, token: &str, tried: &[String]) -> usize {
    let before = history(site).await;
    let mut refused = 0;
    for address in tried {
        let answer = send(browser, token, address).await;
        let status = answer.status;
        assert!(
            is_refused(&answer) || is_not_taken(&answer),
            "{address}: {status} {}",
            answer.header("location")
        );
        refused += usize::from(is_refused(&answer));
    }
    assert_eq!(history(site).await, before);
    refused
}

#[tokio::test]
async fn visitors_change_nothing_without_signing_in() {
    let site = world().await;
    let visitor = site.browser();
    let token = token(&visitor, urls::sign_in()).await;
    let addresses = addresses(&site);
    let refused = refused(&site, &visitor, &token, &addresses).await;
    assert!(refused + 8 >= addresses.len(), "only {refused} of {} are refused", addresses.len());
}

#[tokio::test]
async fn whoever_only_reads_changes_nothing_of_others() {
    let site = world().await;
    let eve = site.signed_in("eve").await;
    let token = token(&eve, urls::home()).await;
    let mut addresses = addresses(&site);
    addresses.retain(|address| !FOR_READERS.contains(&address.as_str()));
    let refused = refused(&site, &eve, &token, &addresses).await;
    assert!(refused + 8 >= addresses.len(), "only {refused} of {} are refused", addresses.len());
}

#[tokio::test]
async fn no_form_of_a_private_repository_is_there_for_strangers() {
    let site = world().await;
    let own = enter(&site, "mei", Unit::Settings).await.administer().expect("hers");
    let private = Edit { visibility: Some(Visibility::Private), ..Edit::default() };
    repository::edit(&site.hearth.app, &own, private).await.expect("private");
    let eve = site.signed_in("eve").await;
    let token = token(&eve, urls::home()).await;
    for address in addresses(&site) {
        let answer = eve.post_with(&token, &filled(&address), FIELDS).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
    }
}
