//! Pull requests: opened, talked about and merged by a client that hangs up.

use hearth_tests::{Git, PullRequest};
use serde_json::{Value, json};

use super::{
    Operation, ROUNDS, World,
    operations::{Kind, api, either, list, once, operation, status_of},
};

pub(super) const KINDS: &[(&str, Kind)] = &[
    ("open a pull request", open),
    ("open a pull request by its form", open_by_form),
    ("comment on a line", comment_on_line),
    ("approve a pull request", approve),
    ("merge a pull request", merge),
    ("merge a pull request by its form", merge_by_form),
    ("squash a pull request", squash),
];

/// The branches that are proposed only when a client asks for it.
const UNPROPOSED: [&str; 2] = ["ask", "ask-form"];
/// Those that are proposed in the beginning, in this order.
const PROPOSED: [&str; 4] = ["merge", "merge-form", "squash", "reviewed"];

fn branch(name: &str, number: usize) -> String {
    format!("idea-{name}-{number}")
}

/// Commits a file on each of the branches, and returns their names.
pub(super) fn make_branches(git: &Git) -> Vec<String> {
    let mut made = Vec::new();
    for name in UNPROPOSED.into_iter().chain(PROPOSED) {
        for number in 0..=ROUNDS {
            let branch = branch(name, number);
            git.run(&["switch", "--quiet", "--create", &branch, "main"]);
            git.write(&format!("{branch}.txt"), "one\ntwo\nthree\n");
            git.commit(&format!("Add {branch}"));
            made.push(branch);
        }
    }
    git.run(&["switch", "--quiet", "main"]);
    made
}

/// Opens those that are proposed in the beginning.
pub(super) fn propose(world: &mut World) {
    for name in PROPOSED {
        for number in 0..=ROUNDS {
            let branch = branch(name, number);
            let by = if name == "reviewed" { &world.lin } else { &world.mei };
            let opened = PullRequest::open(by, "mei/llm", &branch, "main");
            world.pulls.insert(branch, opened);
        }
    }
}

fn pulls(world: &World) -> Value {
    list(world, &world.mei.repository_api("llm", "/pulls?state=open&limit=50"))
}

/// Whether it is open, for programs and people.
fn is_open(world: &World, title: &str) -> Result<bool, String> {
    let open = pulls(world);
    if !once(&open, "title", title)? {
        return Ok(false);
    }
    let card = open.as_array().into_iter().flatten().find(|card| card["title"] == title);
    let number = card.and_then(|card| card["number"].as_u64()).unwrap_or_default();
    let page = world.mei.api.get(&PullRequest::of("mei/llm", number).page("")).status;
    if page == 200 { Ok(true) } else { Err(format!("its page answers {page}")) }
}

fn open(world: &World, number: usize) -> Operation {
    let title = format!("Proposal {number}");
    let body = json!({ "title": title, "head": branch("ask", number), "base": "main" });
    let request = api(world, "POST", &world.mei.repository_api("llm", "/pulls"), &body);
    operation(request, move |world| is_open(world, &title))
}

fn open_by_form(world: &World, number: usize) -> Operation {
    let title = format!("Proposal by a form {number}");
    let page = format!("/mei/llm/compare/main...{}", branch("ask-form", number));
    let request = world.session.raw(&page, &page, &[("title", &title), ("body", "")]);
    operation(request, move |world| is_open(world, &title))
}

fn comment_on_line(world: &World, number: usize) -> Operation {
    let pull = world.pulls[&branch("reviewed", 0)].clone();
    let (text, path) = (format!("Said of a line {number}."), format!("{}.txt", branch("reviewed", 0)));
    let fields = [
        ("path", path.as_str()),
        ("side", "new"),
        ("first_line", "1"),
        ("last_line", "2"),
        ("version", "1"),
        ("body", &text),
        ("when", "now"),
    ];
    let request = world.session.raw(&pull.page("files"), &pull.page("line-comments"), &fields);
    operation(request, move |world| {
        let page = world.mei.api.get(&pull.page("files")).expect(200).body;
        match page.matches(&text).count() {
            0 => Ok(false),
            1 => Ok(true),
            many => Err(format!("{many} times {text}")),
        }
    })
}

fn approve(world: &World, number: usize) -> Operation {
    let pull = world.pulls[&branch("reviewed", number)].clone();
    let text = format!("Approved {number}");
    let body = json!({ "event": "APPROVED", "body": text });
    let request = api(world, "POST", &pull.api("/reviews"), &body);
    operation(request, move |world| {
        let reviews = list(world, &pull.api("/reviews?limit=50"));
        if reviews.as_array().into_iter().flatten().any(|review| review["state"] == "PENDING") {
            return Err("it is pending".to_owned());
        }
        once(&reviews, "body", &text)
    })
}

/// Whether it is merged, by what is recorded and by what git has.
fn is_merged(world: &World, branch: &str) -> Result<bool, String> {
    let recorded = if world.pulls[branch].state(&world.mei) == "merged" { 200 } else { 404 };
    let merged = world.mei.api.get(&world.pulls[branch].api("/merge")).status;
    let file = status_of(world, &format!("/contents/{branch}.txt"));
    either(branch, &[recorded, if merged == 204 { 200 } else { merged }, file], 200, 404)
}

fn merge_by(world: &World, branch: String, method: &str) -> Operation {
    let request = api(world, "POST", &world.pulls[&branch].api("/merge"), &json!({ "Do": method }));
    operation(request, move |world| is_merged(world, &branch))
}

fn merge(world: &World, number: usize) -> Operation {
    merge_by(world, branch("merge", number), "merge")
}

fn squash(world: &World, number: usize) -> Operation {
    merge_by(world, branch("squash", number), "squash")
}

fn merge_by_form(world: &World, number: usize) -> Operation {
    let branch = branch("merge-form", number);
    let pull = &world.pulls[&branch];
    let request = world.session.raw(&pull.page(""), &pull.page("merge"), &[("method", "rebase")]);
    operation(request, move |world| is_merged(world, &branch))
}
