//! Estimates what it would cost to sanitise HTML.
//!
//! The sanitiser walks its stack of open elements for each new one, and opens every `<b>` that was not closed again in
//! each paragraph after it: of 20 KB it can make gigabytes. Both are products of the number of elements and of how many
//! are open. What only looks like a closing tag, in a comment or an attribute, closes nothing, so an element counts as
//! closed only where every reader of HTML sees it so.

const BLANKS: [char; 5] = [' ', '\t', '\n', '\r', '\u{c}'];
/// Elements, times how many are open at once, where each is closed in its turn.
const MOST_STEPS: usize = 4_000_000;
/// The same where some are not, so that they may be repeated.
const MOST_REPEATED: usize = 300_000;

/// Elements without content.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements that are opened again after their parent was closed.
const REPEATED: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements that are closed together with all that is open in them, unless that is one of [`BARRIERS`] or [`REPEATED`].
const BLOCKS: &[&str] = &[
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
const BARRIERS: &[&str] = &["caption", "dl", "ol", "table", "td", "th", "ul"];
const PARTS_OF_TABLES: &[&str] = &["table", "tbody", "td", "th", "thead", "tr"];
/// An element in which everything is text until it is closed.
const STYLE: &str = "style";
/// Elements in which tags are text, or mean something else.
const OTHER_RULES: &[&str] = &[
    "applet",
    "body",
    "button",
    "frameset",
    "head",
    "html",
    "iframe",
    "marquee",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
];

/// Whether HTML can be sanitised in a moment.
pub(super) fn is_affordable(html: &str) -> bool {
    let mut markup =
        Markup { open: Vec::new(), elements: 0, deepest: 0, is_in_order: true, is_certain: true };
    markup.read(html);
    let most = if markup.is_in_order && markup.is_certain { MOST_STEPS } else { MOST_REPEATED };
    markup.steps() <= most
}

struct Markup {
    /// The names of the open elements.
    open: Vec<String>,
    /// How many elements and texts there may be.
    elements: usize,
    deepest: usize,
    /// Whether every element has been closed in its turn.
    is_in_order: bool,
    /// Whether it is still known what is a tag. Where it is not, nothing counts as closed.
    is_certain: bool,
}

impl Markup {
    fn steps(&self) -> usize {
        self.deepest.saturating_mul(self.elements)
    }

    fn read(&mut self, html: &str) {
        let mut rest = html;
        while let Some(place) = rest.find('<').filter(|_| self.steps() <= MOST_STEPS) {
            self.elements += 1;
            rest = &rest[place + 1..];
            let length = self.tag(rest).unwrap_or_else(|| {
                self.is_certain = false;
                0
            });
            rest = &rest[length..];
        }
        self.is_in_order &= !self.open.iter().any(|name| is_one_of(REPEATED, name));
    }

    /// Reads what follows a `<`; how many bytes of it are certain to contain no other tag. `None`: that is not known.
    fn tag(&mut self, rest: &str) -> Option<usize> {
        if !self.is_certain {
            if begins_name(rest) {
                self.open(name(rest));
            }
            return Some(0);
        }
        if self.open.last().is_some_and(|open| open == STYLE) && !rest.starts_with("/style") {
            return None;
        }
        if let Some(comment) = rest.strip_prefix("!--") {
            let (inside, _) = comment.split_once("-->")?;
            let ends_early = inside.starts_with('>') || inside.starts_with("->") || inside.contains("--!>");
            return (!ends_early).then_some(inside.len());
        }
        if let Some(end_tag) = rest.strip_prefix('/').filter(|end| begins_name(end)) {
            let name = name(end_tag);
            let is_plain = end_tag[name.len()..].trim_start_matches(BLANKS).starts_with('>');
            self.close(name, is_plain);
            return is_plain.then_some(name.len());
        }
        if begins_name(rest) {
            let name = name(rest);
            self.open(name);
            return Some(name.len() + length_of_attributes(&rest[name.len()..])?);
        }
        if rest.starts_with(['!', '?', '/']) {
            let (inside, _) = rest.split_once('>')?;
            return (!inside.contains('<')).then_some(inside.len());
        }
        Some(0)
    }

    fn open(&mut self, name: &str) {
        if is_one_of(VOID, name) {
            return;
        }
        self.is_certain &= !is_one_of(OTHER_RULES, name);
        while self.open.last().is_some_and(|open| ends_before(open, name)) {
            self.open.pop();
        }
        self.open.push(name.to_ascii_lowercase());
        self.deepest = self.deepest.max(self.open.len());
    }

    fn close(&mut self, name: &str, is_plain: bool) {
        if is_one_of(VOID, name) {
            return;
        }
        match self.opened(name).filter(|_| is_plain) {
            Some(place) => self.open.truncate(place),
            None => self.is_in_order = false,
        }
    }

    /// The place of the element that an end tag of this name certainly closes.
    fn opened(&self, name: &str) -> Option<usize> {
        let place = self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name))?;
        let inside = &self.open[place + 1..];
        let barriers: &[&str] = if is_one_of(PARTS_OF_TABLES, name) { &["table"] } else { BARRIERS };
        let is_closed_too = |open: &String| !is_one_of(REPEATED, open) && !is_one_of(barriers, open);
        let is_sure = inside.is_empty() || is_one_of(BLOCKS, name) && inside.iter().all(is_closed_too);
        is_sure.then_some(place)
    }
}

/// Whether an element ends where one of this name begins beside it.
fn ends_before(open: &str, name: &str) -> bool {
    let is = |names: &[&str]| is_one_of(names, name);
    match open {
        "p" => is(BLOCKS),
        "li" => is(&["li"]),
        "dd" | "dt" => is(&["dd", "dt"]),
        "td" | "th" => is(&["td", "th", "tr"]),
        "tr" => is(&["tr"]),
        _ => false,
    }
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn begins_name(text: &str) -> bool {
    text.starts_with(|letter: char| letter.is_ascii_alphabetic())
}

fn name(text: &str) -> &str {
    text.split(|letter: char| BLANKS.contains(&letter) || matches!(letter, '/' | '>' | '<'))
        .next()
        .unwrap_or_default()
}

/// How many bytes the attributes of a tag have, up to its `>`; none where readers of HTML might disagree.
fn length_of_attributes(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text[at..].find(['>', '<', '"', '\''])?;
        let sign = &text[at..=at];
        match sign {
            ">" => return Some(at),
            "<" => return None,
            quote if is_value(&text[..at]) => at += 1 + text[at + 1..].find(quote)? + 1,
            _ => return None,
        }
    }
}

/// Whether what comes next is the value of an attribute: after ` name=`.
fn is_value(before: &str) -> bool {
    let Some(named) = before.trim_end_matches(BLANKS).strip_suffix('=') else { return false };
    let named = named.trim_end_matches(BLANKS);
    let rest =
        named.trim_end_matches(|letter: char| letter.is_ascii_alphanumeric() || "-_:".contains(letter));
    let begins = rest.ends_with(|letter| BLANKS.contains(&letter) || matches!(letter, '"' | '\''));
    rest.len() < named.len() && begins && !rest.trim_end_matches(BLANKS).ends_with('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Many elements that are open, each closed by this, and many paragraphs in which they would be repeated.
    fn bomb(closed: &str) -> String {
        let open = (0..1_000).map(|number| format!("<b id={number}>{closed}")).collect::<Vec<_>>().concat();
        format!("<p>{open}</p>{}", "<p>x</p>".repeat(1_000))
    }

    #[test]
    fn what_is_repeated_is_found_whatever_seems_to_close_it() {
        for closed in [
            "",
            "</i>",
            "</zz>",
            "<!-- </b> -->",
            "<!--></b>-->",
            "<br title=\"</b>\">",
            "<br a=\"b>\" title=\"</b>\">",
            "<br title= x=\"> </b>\">",
            "<br =\"> </b>\">",
            "<br a==\"> </b>\">",
            "<br a=\u{a0}\"> </b>\">",
            "</b <i>",
            "</b x=\"",
            "<? </b>",
            "<table><tr><td></b></td></tr></table>",
            "<textarea></b></textarea>",
            "<object></b></object>",
            "<svg></b></svg>",
            "<style>b</style>",
            "<style></b></style>",
            "<style></stylex></b></style>",
            "<table><caption></b></caption></table>",
            "</B/>",
        ] {
            assert!(!is_affordable(&bomb(closed)), "{closed}");
        }
        assert!(!is_affordable(&"<div>".repeat(20_000)), "depth alone costs time");
    }

    #[test]
    fn what_people_write_is_affordable() {
        let row = "<tr><td align=\"center\"><a href='x?a=b'><img src=x width=100px/><br/><b>Name</b></a><td>1 &lt; 2</tr>\n";
        let table = format!("<!-- <b> list --><table><tbody>{}</tbody></table>", row.repeat(3_000));
        let list = format!("<ul>{}</ul>", "<li>a<p>b <i>c</i>".repeat(5_000));
        let code = format!("<pre>{}</pre>", "<span class=\"hl-string\">x</span> ".repeat(100_000));
        let cells = format!("<tr>{}</tr>\n", "<td>0.5</td>".repeat(20)).repeat(200);
        let frame = format!(
            "<div>\n<style scoped>\n.dataframe th {{ x: y }}\n</style>\n<table><caption>Loss</caption><tbody>{cells}</tbody></table></div>"
        );
        let sloppy = format!("<center><p>{}", "<p>text <b>bold</b>\n".repeat(5_000));
        for html in [bomb("</b>"), bomb("</B >"), table, list, code, frame, sloppy] {
            assert!(is_affordable(&html), "{}", &html[..60]);
        }
    }
}
