//! The main paths through the pages, in a real browser, with a screenshot of every step.

mod charts;
mod every_page;
mod hands;
mod large_file;
mod menus;
mod newcomer;
mod organization;
mod pull_request;
mod release;

use hearth_tests::{Browser, Person, Screen, TestServer, browser::WIDTHS};

use hands::Hands;

/// A browser session, the pages that did not fit its screen, and those that not everybody can use.
struct Walk {
    browser: Browser,
    hands: Hands,
    too_wide: Vec<String>,
    problems: Vec<String>,
}

impl Walk {
    fn begin(server: &TestServer) -> Self {
        Self::with(server, Hands::Mouse)
    }

    fn with(server: &TestServer, hands: Hands) -> Self {
        let browser = Browser::open(&server.url(""));
        browser.scripts(hands != Hands::WithoutScripts);
        Self { browser, hands, too_wide: Vec::new(), problems: Vec::new() }
    }

    fn sign_in(&self, person: &Person) {
        self.browser.goto("/user/login");
        self.send("form[action^=\"/user/login\"]", &[("name", &person.name), ("password", &person.password)]);
    }

    /// Looks at the page as everybody sees it. One pair of hands is enough for that.
    fn picture(&mut self, step: &str) {
        if self.hands != Hands::Mouse {
            return;
        }
        self.too_wide.extend(self.browser.pictures(step));
        self.problems.extend(self.browser.problems());
    }

    /// Opens a page at both widths, without a picture.
    fn look(&mut self, path: &str) {
        self.browser.goto(path);
        for width in WIDTHS {
            self.browser.screen(Screen { width, ..Screen::default() });
            if self.browser.overflow() > 0 {
                self.too_wide.push(format!("{path} at {width}"));
            }
        }
        self.problems.extend(self.browser.problems());
    }

    /// Fills in the main form of the page and submits it.
    fn send(&self, form: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            self.write(&format!("{form} [name={name}]"), value);
        }
        self.press(&format!("{form} button.button:not([type=button])"));
    }

    #[track_caller]
    fn end(self) {
        assert_eq!(self.too_wide, Vec::<String>::new(), "these pages are wider than their screen");
        assert!(self.problems.is_empty(), "not everybody can use these pages:\n{}", self.problems.join("\n"));
        if !Browser::has_axe() {
            hearth_tests::skip("axe-core is not installed; npm installs it");
        }
    }
}
