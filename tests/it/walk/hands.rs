//! How a person uses a page: with a mouse, with keys alone, or without scripts.

use std::time::Duration;

use hearth_tests::browser::{ENTER, SPACE};

use super::Walk;

/// How long a task of a walk may take.
const PATIENCE: Duration = Duration::from_mins(2);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hands {
    Mouse,
    Keys,
    /// With a mouse, and with scripts turned off.
    WithoutScripts,
}

impl Walk {
    /// Follows a link, or presses a button that leads to another page.
    #[track_caller]
    pub(super) fn press(&self, css: &str) {
        if self.hands == Hands::Keys {
            self.browser.tab_to(css);
            self.browser.leaving(css, || self.browser.key(ENTER));
        } else {
            self.browser.follow(css);
        }
    }

    /// Ticks a box.
    #[track_caller]
    pub(super) fn tick(&self, css: &str) {
        if self.hands == Hands::Keys {
            self.browser.tab_to(css);
            self.browser.key(SPACE);
        } else {
            self.browser.click(css);
        }
        assert!(self.browser.has(&format!("{css}:checked")), "{css} is ticked");
    }

    /// Writes into a field.
    #[track_caller]
    pub(super) fn write(&self, css: &str, text: &str) {
        if self.hands == Hands::Keys {
            self.browser.tab_to(css);
            self.browser.write(text);
        } else {
            self.browser.fill(css, text);
        }
    }

    /// Waits until the open page says this. A page without scripts does not move: it is opened again and again.
    #[track_caller]
    pub(super) fn until(&self, words: &str) {
        if self.hands == Hands::WithoutScripts {
            let path = self.browser.path();
            hearth_tests::wait_until(&format!("{words:?} on {path}"), PATIENCE, || {
                self.browser.goto(&path);
                self.browser.words().contains(words)
            });
        } else {
            self.browser.wait_for_words(words, PATIENCE);
        }
    }
}
