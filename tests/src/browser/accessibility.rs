//! What a page does wrong for those who use it with a screen reader, with keys alone, or with weak eyes: axe-core
//! in the page, in both themes and at both widths.

use std::{env, fs, path::PathBuf, sync::OnceLock};

use serde_json::{Value, json};

use super::{Browser, Screen, WIDTHS};
use crate::target_folder;

/// Runs axe-core and gives one line for each rule that is broken: its name, and the first elements concerned.
const RUN: &str = "\
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then(
  (found) => done(found.violations.map((rule) =>
    `${rule.id}: ` + rule.nodes.slice(0, 4).map((node) => `${node.target.join(' ')} (${node.failureSummary.split('\\n')[1]?.trim()})`).join(' | '))),
  (error) => done([`axe-core failed: ${error}`]),
);";

/// Buttons in the colour of the brand: more than one on a page, and none is the main one.
const LOUD: &str = "\
return [...document.querySelectorAll('.button:not(.button-quiet, .button-danger)')]
  .filter((button) => button.checkVisibility() && button.offsetWidth > 1)
  .map((button) => button.textContent.trim());";

/// The script of axe-core, where it is installed.
fn axe() -> Option<&'static str> {
    static SCRIPT: OnceLock<Option<String>> = OnceLock::new();
    let read = || {
        let own = || target_folder().join("npm/node_modules/axe-core/axe.min.js");
        let path = env::var_os("HEARTH_TEST_AXE").map_or_else(own, PathBuf::from);
        fs::read_to_string(path).ok()
    };
    SCRIPT.get_or_init(read).as_deref()
}

impl Browser {
    /// Whether axe-core is installed, without which [`Browser::problems`] finds less.
    pub fn has_axe() -> bool {
        axe().is_some()
    }

    /// What is wrong with the open page for those who use it differently, and whether more than one action of it
    /// is loud. Leaves a desktop's screen in light colours.
    #[track_caller]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for width in WIDTHS {
            for dark in [false, true] {
                self.screen(Screen { width, dark });
                let theme = if dark { "dark" } else { "light" };
                let found = self.broken_rules().into_iter();
                problems.extend(found.map(|rule| format!("{} {width} {theme}: {rule}", self.path())));
            }
        }
        self.screen(Screen::default());
        let loud = lines(&self.script(LOUD));
        if loud.len() > 1 {
            problems.push(format!("{}: {} loud buttons: {}", self.path(), loud.len(), loud.join(", ")));
        }
        problems
    }

    #[track_caller]
    fn broken_rules(&self) -> Vec<String> {
        let Some(axe) = axe() else { return Vec::new() };
        self.script(axe);
        lines(&self.driver.post("/execute/async", &json!({ "script": RUN, "args": [] })))
    }
}

fn lines(value: &Value) -> Vec<String> {
    let texts = value.as_array().into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}
