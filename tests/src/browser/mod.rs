//! A real headless Chromium, used as a person would: look, type, click.

mod accessibility;
mod driver;
mod keys;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::{target_folder, wait_for, wait_or_tell, wait_until};
use driver::{Driver, ELEMENT};

pub use keys::{DOWN, ENTER, SPACE};

/// How long a page may take to show what is expected.
const PATIENCE: Duration = Duration::from_secs(20);

/// Both languages, as in pages and file names.
pub const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

/// The widths of a phone and a desktop.
pub const WIDTHS: [u32; 2] = [360, 1440];

/// How a page is viewed.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    pub width: u32,
    pub dark: bool,
}

impl Default for Screen {
    fn default() -> Self {
        Self { width: 1440, dark: false }
    }
}

/// One browser with an empty profile. Dropping it closes it.
pub struct Browser {
    driver: Driver,
    root: String,
}

impl Browser {
    /// Opens a browser for the site at `root`.
    #[track_caller]
    #[must_use]
    pub fn open(root: &str) -> Self {
        let browser = Self { driver: Driver::start(), root: root.trim_end_matches('/').to_owned() };
        browser.screen(Screen::default());
        browser
    }

    /// Changes the screen.
    #[track_caller]
    pub fn screen(&self, screen: Screen) {
        let height = if screen.width < 800 { 740 } else { 900 };
        let metrics =
            json!({ "width": screen.width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.tools("Emulation.setDeviceMetricsOverride", &metrics);
        let scheme = if screen.dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.driver.tools("Emulation.setEmulatedMedia", &features);
    }

    /// Requests pages in this language from now on, as a browser set to it does.
    #[track_caller]
    pub fn language(&self, language: &str) {
        let headers = json!({ "headers": { "Accept-Language": language } });
        self.driver.tools("Network.setExtraHTTPHeaders", &headers);
    }

    /// Turns scripts on or off for pages that are opened from now on.
    #[track_caller]
    pub fn scripts(&self, on: bool) {
        self.driver.tools("Emulation.setScriptExecutionDisabled", &json!({ "value": !on }));
    }

    /// Opens a page of the site; `path` starts with `/`.
    #[track_caller]
    pub fn goto(&self, path: &str) {
        self.driver.post("/url", &json!({ "url": format!("{}{path}", self.root) }));
    }

    /// Opens a full address, such as a link that a program printed.
    #[track_caller]
    pub fn goto_address(&self, address: &str) {
        self.driver.post("/url", &json!({ "url": address }));
    }

    /// The path and query of the open page.
    #[track_caller]
    pub fn path(&self) -> String {
        let address = self.driver.get("/url");
        let address = address.as_str().unwrap_or_default();
        address.strip_prefix(&self.root).unwrap_or(address).to_owned()
    }

    /// The title of the open page.
    #[track_caller]
    pub fn title(&self) -> String {
        self.driver.get("/title").as_str().unwrap_or_default().to_owned()
    }

    /// The text of the page.
    #[track_caller]
    pub fn words(&self) -> String {
        self.text("body")
    }

    /// The text of one element.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let element = self.find(css);
        self.driver.get(&format!("/element/{element}/text")).as_str().unwrap_or_default().to_owned()
    }

    /// An attribute of one element.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        let element = self.find(css);
        self.driver.get(&format!("/element/{element}/attribute/{name}")).as_str().map(str::to_owned)
    }

    /// Whether the page has such an element now.
    #[track_caller]
    pub fn has(&self, css: &str) -> bool {
        self.driver.find(css).is_some()
    }

    /// Types into a field, replacing its content.
    #[track_caller]
    pub fn fill(&self, css: &str, text: &str) {
        let element = self.find(css);
        self.driver.post(&format!("/element/{element}/clear"), &json!({}));
        self.driver.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// Clicks on an element.
    #[track_caller]
    pub fn click(&self, css: &str) {
        let element = self.find(css);
        self.driver.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Moves the pointer to the middle of an element.
    #[track_caller]
    pub fn point_at(&self, css: &str) {
        let element = self.find(css);
        // The protocol refuses to point outside the window.
        self.script(&format!("document.querySelector({css:?}).scrollIntoView({{ block: 'center' }})"));
        let place = json!({ "type": "pointerMove", "origin": { ELEMENT: element }, "x": 0, "y": 0 });
        let mouse = json!({ "pointerType": "mouse" });
        let mouse = json!({ "type": "pointer", "id": "mouse", "parameters": mouse, "actions": [place] });
        self.driver.post("/actions", &json!({ "actions": [mouse] }));
    }

    /// Clicks and waits until another page is open.
    #[track_caller]
    pub fn follow(&self, css: &str) {
        self.leaving(css, || self.click(css));
    }

    /// Waits until what is done has opened another page.
    #[track_caller]
    pub fn leaving(&self, css: &str, act: impl FnOnce()) {
        let before = self.find("html");
        act();
        let gone = || self.driver.find("html").is_some_and(|now| now != before);
        wait_until(&format!("the page after {css}"), PATIENCE, gone);
    }

    /// Chooses an option of a `select` by its value.
    #[track_caller]
    pub fn choose(&self, css: &str, value: &str) {
        self.click(&format!("{css} option[value=\"{value}\"]"));
    }

    /// Waits until the page contains a text.
    #[track_caller]
    pub fn wait_for_words(&self, words: &str, limit: Duration) {
        let says = || self.words().contains(words).then_some(());
        wait_or_tell(limit, says, || format!("{words:?} on {}:\n{}", self.path(), self.words()));
    }

    /// Waits until the page has such an element.
    #[track_caller]
    pub fn wait_for(&self, css: &str, limit: Duration) {
        wait_for(&format!("{css} on {}", self.path()), limit, || self.driver.find(css));
    }

    /// Runs a script in the page and returns its result.
    #[track_caller]
    pub fn script(&self, code: &str) -> Value {
        self.driver.post("/execute/sync", &json!({ "script": code, "args": [] }))
    }

    /// By how much the page is wider than the screen; more than zero is a layout bug.
    #[track_caller]
    pub fn overflow(&self) -> i64 {
        let code = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.script(code).as_i64().unwrap_or_default()
    }

    /// Takes screenshots of the page in both languages, widths and themes, and restores the previous state.
    /// Returns the screenshots whose page was wider than its screen.
    #[track_caller]
    pub fn pictures(&self, step: &str) -> Vec<String> {
        let here = self.path();
        let mut too_wide = Vec::new();
        for language in LANGUAGES {
            self.goto(&in_language(&here, language));
            for width in WIDTHS {
                self.screen(Screen { width, ..Screen::default() });
                if self.overflow() > 0 {
                    too_wide.push(format!("{step}-{language}-{width}"));
                }
                self.picture(&format!("{step}-{language}-{width}"));
                self.screen(Screen { width, dark: true });
                self.picture(&format!("{step}-{language}-{width}-dark"));
            }
        }
        self.screen(Screen::default());
        self.goto(&in_language(&here, LANGUAGES[0]));
        self.goto(&here);
        too_wide
    }

    /// Takes a screenshot of the whole page as it is, into `target/screenshots/{name}.png`.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    #[track_caller]
    pub fn picture(&self, name: &str) -> PathBuf {
        let size = "return [document.documentElement.clientWidth, document.documentElement.scrollHeight]";
        let size = self.script(size);
        // Limit the height of very long pages, such as logs.
        let height = size[1].as_u64().unwrap_or(900).min(4000);
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": height, "scale": 1 });
        let shot = self.driver.tools(
            "Page.captureScreenshot",
            &json!({ "format": "png", "captureBeyondViewport": true, "clip": clip }),
        );
        let bytes = BASE64.decode(shot["data"].as_str().unwrap_or_default().as_bytes());
        let folder = target_folder().join("screenshots");
        fs::create_dir_all(&folder).expect("the folder of pictures can be made");
        let file = folder.join(format!("{name}.png"));
        fs::write(&file, bytes.expect("a picture comes in base64")).expect("a picture can be written");
        file
    }

    #[track_caller]
    fn find(&self, css: &str) -> String {
        let what = || format!("{css} on {}", self.path());
        wait_for(&what(), PATIENCE, || self.driver.find(css))
    }
}

/// The same page, requested in a language as the footer's language menu does.
fn in_language(path: &str, language: &str) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}lang={language}")
}
