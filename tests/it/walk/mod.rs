//! The main paths through the pages, in a real browser, with a screenshot of every step.

mod newcomer;
mod organization;

use hearth_tests::{Browser, Person, TestServer};

/// A browser session, and the pages that did not fit its screen.
struct Walk {
    browser: Browser,
    too_wide: Vec<String>,
}

impl Walk {
    fn begin(server: &TestServer) -> Self {
        Self { browser: Browser::open(&server.url("")), too_wide: Vec::new() }
    }

    fn sign_in(&self, person: &Person) {
        self.browser.goto("/user/login");
        self.send("form[action^=\"/user/login\"]", &[("name", &person.name), ("password", &person.password)]);
    }

    fn picture(&mut self, step: &str) {
        self.too_wide.extend(self.browser.pictures(step));
    }

    /// Fills in the main form of the page and submits it.
    fn send(&self, form: &str, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            self.browser.fill(&format!("{form} [name={name}]"), value);
        }
        self.browser.follow(&format!("{form} button.button:not([type=button])"));
    }

    #[track_caller]
    fn end(self) {
        assert_eq!(self.too_wide, Vec::<String>::new(), "these pages are wider than their screen");
    }
}
