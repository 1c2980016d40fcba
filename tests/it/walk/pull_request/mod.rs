//! Two people who review and merge each other's work, by what the pages offer.

mod alone;
mod conflict;
mod together;

use std::time::Duration;

use hearth_tests::{
    Answer, Browser, Git, Person, PullRequest, TestServer,
    browser::{DOWN, ENTER},
    wait_until,
};
use reqwest::Method;
use serde_json::json;

use super::{Hands, Walk};

const PATIENCE: Duration = Duration::from_mins(1);

/// The button that merges now.
const MERGE: &str = "form[action$=\"/merge\"] .actions button.button:not(.button-quiet)";

/// More lines than any file of these walks shows.
const MOST_LINES: usize = 40;

/// What is proposed is about its third line and the lines five to seven.
const TRAIN: &str = "\
import math

rate = 0.1
steps = 100

def loss(x):
    return math.cos(x) + 1

x = 1.0
for step in range(steps):
    x += rate * math.sin(x)
print(f'loss={loss(x):.5f}')
";

/// mei's repository with an issue, and lin, who may write to it.
struct Stage {
    server: TestServer,
    mei: Person,
    lin: Person,
    git: Git,
}

impl Stage {
    fn set() -> Self {
        let server = TestServer::start();
        let (mei, lin) = (server.admin("mei"), server.person("lin"));
        mei.create_repository("line");
        let mut git = Git::of(&mei);
        let files = [("README.md", "# A line\n\nLearns a line.\n"), ("train.py", TRAIN)];
        git.begin("line", &mei.clone_address("line"), &files);
        let issue = json!({ "title": "It learns too slowly", "body": "A hundred steps are not enough." });
        let _ = mei.api.post(&mei.repository_api("line", "/issues"), &issue).expect(201);
        let path = mei.repository_api("line", "/collaborators/lin");
        let given = mei.api.request(Method::PUT, &path).json(&json!({ "permission": "write" }));
        let _ = Answer::to(given).expect(204);
        Self { server, mei, lin, git }
    }

    fn walk(&self, person: &Person, hands: Hands) -> Walk {
        let walk = Walk::with(&self.server, hands);
        walk.sign_in(person);
        walk
    }

    /// Commits files on a branch from main, pushes it as this person, and returns the address that git shows for a pull
    /// request.
    fn push(&self, person: &Person, branch: &str, files: &[(&str, &str)]) -> String {
        let mut git = Git::of(person);
        git.run(&["clone", "--quiet", &self.mei.clone_address("line"), branch]);
        git.enter(branch).run(&["switch", "--quiet", "--create", branch]);
        for (file, content) in files {
            git.write(file, content);
        }
        git.commit("Learn faster\n\nA higher rate, and more steps.");
        let pushed = git.attempt(&["push", "origin", branch]);
        assert!(pushed.succeeded, "{}", pushed.err);
        let mut lines = pushed.err.lines().skip_while(|line| !line.contains("Open a pull request for"));
        let address = lines.nth(1).and_then(|line| line.split_whitespace().last());
        address.unwrap_or_else(|| panic!("git names no address:\n{}", pushed.err)).to_owned()
    }

    /// The pull request, once the server has done all that follows from the last push.
    fn followed(&self, number: u64) -> PullRequest {
        let pull = PullRequest::of("mei/line", number);
        pull.wait_until_followed(&self.server);
        pull
    }

    fn branches(&self) -> String {
        self.git.run(&["ls-remote", "--heads", "origin"])
    }
}

/// The changed lines of a file.
fn lines(file: &str) -> String {
    format!(".diff[data-path=\"{file}\"] .diff-lines")
}

/// The button that comments on a line of a file, such as `R3`, once it is there.
fn line(file: &str, mark: &str) -> String {
    format!("{} button[name=comment][value={mark}]", lines(file))
}

/// A tab of a pull request.
fn tab(pull: &PullRequest, part: &str) -> String {
    format!("a.tab[href=\"{}\"]", pull.page(part))
}

impl Walk {
    /// Clicks on something that acts in place, or presses it.
    fn touch(&self, css: &str) {
        if self.hands == Hands::Keys {
            self.browser.tab_to(css);
            self.browser.key(ENTER);
        } else {
            self.browser.click(css);
        }
    }

    /// Opens the form to comment on a line after the change: in place, or without scripts on a page of its own.
    fn begin_comment(&self, file: &str, mark: &str) {
        match self.hands {
            Hands::Mouse => self.click_line(file, mark),
            Hands::Keys => {
                self.browser.tab_to(&lines(file));
                self.browser.tab_to(&format!("{} button[name=comment]", lines(file)));
                for _ in 0..MOST_LINES {
                    if self.browser.has(&line(file, mark)) {
                        break;
                    }
                    self.browser.key(DOWN);
                }
                self.browser.tab_to(&line(file, mark));
                self.browser.key('c');
            }
            Hands::WithoutScripts => {
                let form = format!(".diff[data-path=\"{file}\"] form.say-at");
                self.write(&format!("{form} [name=comment]"), mark.trim_start_matches('R'));
                self.press(&format!("{form} button"));
            }
        }
        self.browser.wait_for("form.say", PATIENCE);
    }

    /// Points at a line and clicks on the button that comes.
    fn click_line(&self, file: &str, mark: &str) {
        self.browser.point_at(&format!("{} [id$={mark}]", lines(file)));
        self.browser.click(&line(file, mark));
    }

    /// Sends what is written about lines: `now`, or with the `review`. What was said is shown afterwards.
    fn say(&self, text: &str, when: &str) {
        self.write("form.say textarea[name=body]", text);
        let button = format!("form.say button[value={when}]");
        if self.hands == Hands::WithoutScripts {
            self.press(&button);
        } else {
            self.touch(&button);
        }
        wait_until("the comment to be sent", PATIENCE, || !self.browser.has("form.say textarea[name=body]"));
    }

    /// Chooses one of several: keys move among them.
    fn choose(&self, name: &str, value: &str) {
        let wanted = format!("[name={name}][value={value}]");
        if self.hands == Hands::Keys {
            self.browser.tab_to(&format!("[name={name}]:checked"));
            for _ in 0..9 {
                if self.browser.has(&format!("{wanted}:checked")) {
                    break;
                }
                self.browser.key(DOWN);
            }
        } else {
            self.browser.click(&wanted);
        }
        assert!(self.browser.has(&format!("{wanted}:checked")), "{wanted} is chosen");
    }

    /// Submits a review from the files tab.
    fn review(&self, verdict: &str, text: &str) {
        self.touch(".review-menu > summary");
        self.write(".review-form #field-body", text);
        self.choose("verdict", verdict);
        self.press(".review-form form[action$=\"/review\"] .actions button");
    }

    /// Merges from the conversation, and deletes the branch.
    fn merge(&self, method: &str) {
        wait_until("it to be ready to be merged", PATIENCE, || {
            if self.hands == Hands::WithoutScripts {
                self.browser.goto(&self.browser.path());
            }
            self.browser.has(MERGE)
        });
        self.choose("method", method);
        if !self.browser.has("[name=deletes_branch]:checked") {
            self.tick("[name=deletes_branch]");
        }
        self.press(MERGE);
    }
}

/// The text of the line above a discussion in the files tab.
fn line_above(browser: &Browser, said: &str) -> String {
    let code = format!(
        "const said = [...document.querySelectorAll('.line-comment')].find((one) => one.textContent.includes({said:?}));
         let row = said?.closest('tr.said');
         while (row?.matches('tr.said')) row = row.previousElementSibling;
         return row?.lastElementChild.textContent"
    );
    browser.script(&code).as_str().unwrap_or_default().to_owned()
}
