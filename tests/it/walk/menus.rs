//! Menus: by mouse and by keys, on a desktop and on a phone.

use hearth_tests::{Browser, Git, Screen, TestServer, browser::WIDTHS};

use super::Walk;

const CLONE: &str = ".toolbar .row.end details.menu:has(copy-box)";
const BRANCHES: &str = ".toolbar > details.menu";

/// Whether a menu is open, and whether its button has the focus.
fn state(browser: &Browser, menu: &str) -> (bool, bool) {
    let code = format!(
        "const menu = document.querySelector({menu:?});
         return [menu.open, menu.querySelector('summary') === document.activeElement]"
    );
    let state = browser.script(&code);
    (state[0] == true, state[1] == true)
}

/// The box of an element: left, right and width.
fn sides(browser: &Browser, css: &str) -> (f64, f64, f64) {
    let code = format!(
        "const box = document.querySelector({css:?}).getBoundingClientRect(); return [box.left, box.right, box.width]"
    );
    let sides = browser.script(&code);
    let side = |place: usize| sides[place].as_f64().unwrap_or_default();
    (side(0), side(1), side(2))
}

#[test]
fn menus_show_what_they_hold_and_close_by_escape_and_by_a_click_elsewhere() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let address = mei.clone_address("llm");
    Git::of(&mei).begin("llm", &address, &[("README.md", "# LLM\n"), ("src/train.py", "pass\n")]);
    let walk = Walk::begin(&server);
    walk.sign_in(&mei);
    let browser = &walk.browser;
    for width in WIDTHS {
        browser.screen(Screen { width, dark: false });
        for path in ["/mei/llm", "/mei/llm/src/branch/main/src"] {
            browser.goto(path);
            for menu in [CLONE, BRANCHES] {
                browser.click(&format!("{menu} > summary"));
                assert!(state(browser, menu).0, "{menu} opens");
                let (left, right, _) = sides(browser, &format!("{menu} > .menu-list"));
                assert!(left >= 0.0 && right <= f64::from(width), "{menu} at {width}: {left} to {right}");
                browser.script("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))");
                assert_eq!(
                    state(browser, menu),
                    (false, true),
                    "Escape closes {menu} and gives the focus back"
                );
                browser.click(&format!("{menu} > summary"));
                browser.click(".foot-time");
                assert!(!state(browser, menu).0, "a click elsewhere closes {menu}");
            }
            browser.click(&format!("{CLONE} > summary"));
            assert_eq!(browser.text(&format!("{CLONE} .copy code")), address);
            let (_, _, shown) = sides(browser, &format!("{CLONE} .copy code"));
            assert!(shown > 150.0, "the address is {shown} px wide at {width}");
        }
    }
    walk.end();
}
