//! The keyboard alone: what is reached with Tab, seen by its ring, and pressed.

use serde_json::json;

use super::Browser;

/// The protocol's names of keys.
pub const ENTER: char = '\u{e007}';
pub const SPACE: char = ' ';
pub const DOWN: char = '\u{e015}';
const TAB: char = '\u{e004}';

/// More stops than any page should have before its main part.
const MOST_STOPS: usize = 120;

impl Browser {
    /// Presses a key, wherever the focus is.
    #[track_caller]
    pub fn key(&self, key: char) {
        let value = key.to_string();
        let strokes = json!([{ "type": "keyDown", "value": value }, { "type": "keyUp", "value": value }]);
        let actions = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.driver.post("/actions", &actions);
    }

    /// Presses Tab until an element has the focus, which has to be seen.
    ///
    /// # Panics
    ///
    /// When Tab does not lead there, or the element shows no focus.
    #[track_caller]
    pub fn tab_to(&self, css: &str) {
        self.find(css);
        let is_there = format!("return document.activeElement.matches({css:?})");
        for _ in 0..MOST_STOPS {
            if self.script(&is_there) == true {
                let ring = "const style = getComputedStyle(document.activeElement);
                    return style.outlineStyle !== 'none' || style.boxShadow !== 'none'";
                assert_eq!(self.script(ring), true, "{css} on {} shows no focus", self.path());
                return;
            }
            self.key(TAB);
        }
        panic!("Tab does not lead to {css} on {}", self.path());
    }

    /// Writes into the field that has the focus, replacing its content.
    #[track_caller]
    pub fn write(&self, text: &str) {
        self.script("document.activeElement.select()");
        for letter in text.chars() {
            self.key(letter);
        }
    }
}
