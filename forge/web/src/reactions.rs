//! The reactions to a text: a button for each one present, and a menu of all.

use std::fmt::Write as _;

use hearth_app::thread::reaction::Count;
use hearth_core::Reaction;

use crate::{Page, words::Html};

/// Draws the reactions to one text. `action` is where the buttons submit; `None`: the viewer may not react.
pub fn draw(page: &Page, counts: &[Count], action: Option<&str>) -> Html {
    let Some(action) = action else { return shown(page, counts) };
    let mut html = format!(
        "<form class=\"reactions\" method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"csrf\" value=\"{}\">",
        Html::text(action),
        Html::text(&page.csrf)
    );
    for count in counts {
        let pressed = if count.is_own { " aria-pressed=\"true\"" } else { "" };
        let _ = write!(
            html,
            "<button class=\"reaction\" name=\"reaction\" value=\"{}\"{pressed} title=\"{}\" aria-label=\"{}\">{}{}</button>",
            count.reaction,
            Html::text(&names(page, count)),
            Html::text(&spoken(page, count)),
            icon(count.reaction),
            count.count
        );
    }
    let add = t!(page, "repo-issues-react");
    let _ = write!(
        html,
        "<details class=\"menu reaction-menu\"><summary class=\"reaction\" title=\"{add}\" aria-label=\"{add}\">{}</summary>\
         <div class=\"menu-list menu-left\">",
        icon!("smile")
    );
    for &reaction in Reaction::ALL {
        let _ = write!(
            html,
            "<button name=\"reaction\" value=\"{reaction}\">{}{}</button>",
            icon(reaction),
            Html::text(word(page, reaction))
        );
    }
    html.push_str("</div></details></form>");
    Html::trusted(html)
}

/// For those who may only look: no buttons.
fn shown(page: &Page, counts: &[Count]) -> Html {
    if counts.is_empty() {
        return Html::default();
    }
    let mut html = String::from("<p class=\"reactions\">");
    for count in counts {
        let _ = write!(
            html,
            "<span class=\"reaction\" title=\"{}\" role=\"img\" aria-label=\"{}\">{}{}</span>",
            Html::text(&names(page, count)),
            Html::text(&spoken(page, count)),
            icon(count.reaction),
            count.count
        );
    }
    html.push_str("</p>");
    Html::trusted(html)
}

fn names(page: &Page, count: &Count) -> String {
    let named = count.names.join(", ");
    let others = count.count.saturating_sub(count.names.len() as u64);
    if others == 0 { named } else { t!(page, "repo-issues-react-names", names = named, count = others) }
}

fn spoken(page: &Page, count: &Count) -> String {
    t!(page, "repo-issues-react-counted", reaction = word(page, count.reaction), count = count.count)
}

fn icon(reaction: Reaction) -> Html {
    match reaction {
        Reaction::ThumbsUp => icon!("thumb-up"),
        Reaction::ThumbsDown => icon!("thumb-down"),
        Reaction::Laugh => icon!("laugh"),
        Reaction::Hooray => icon!("hooray"),
        Reaction::Confused => icon!("confused"),
        Reaction::Heart => icon!("heart"),
        Reaction::Rocket => icon!("rocket"),
        Reaction::Eyes => icon!("eyes"),
    }
}

fn word(page: &Page, reaction: Reaction) -> &'static str {
    match reaction {
        Reaction::ThumbsUp => t!(page, "repo-issues-react-thumbs-up"),
        Reaction::ThumbsDown => t!(page, "repo-issues-react-thumbs-down"),
        Reaction::Laugh => t!(page, "repo-issues-react-laugh"),
        Reaction::Hooray => t!(page, "repo-issues-react-hooray"),
        Reaction::Confused => t!(page, "repo-issues-react-confused"),
        Reaction::Heart => t!(page, "repo-issues-react-heart"),
        Reaction::Rocket => t!(page, "repo-issues-react-rocket"),
        Reaction::Eyes => t!(page, "repo-issues-react-eyes"),
    }
}
