//! The last step: an allow-list over all rendered HTML, and the rewriting of addresses.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

use ammonia::{Builder, UrlRelative};

use super::{Links, Rules, picture};
use crate::highlight;

/// Separates ids in users' texts from those of the page.
const ID_PREFIX: &str = "user-content-";

const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

const ALIGNED: &[&str] = &["div", "h1", "h2", "h3", "h4", "h5", "h6", "img", "p", "table", "td", "th"];

const ALERTS: &[&str] = &[
    "markdown-alert",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
];

/// `marks` are the classes of the places where our own HTML goes afterwards.
pub(super) fn clean(html: &str, links: &Links, rules: &Rules, marks: &[String]) -> String {
    let mut attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href", "title", "aria-label"])),
        ("details", HashSet::from(["open"])),
        ("img", HashSet::from(["src", "alt", "title", "width", "height"])),
        ("input", HashSet::from(["checked", "aria-label"])),
        ("li", HashSet::from(["value"])),
        ("ol", HashSet::from(["start", "type"])),
        ("source", HashSet::from(["media", "srcset"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan", "scope"])),
    ]);
    for tag in ALIGNED {
        attributes.entry(tag).or_default().insert("align");
    }
    let classes: HashMap<&str, HashSet<&str>> = HashMap::from([
        (
            "a",
            HashSet::from([
                "anchor",
                "commit",
                "footnote-backref",
                "mention",
                "reference",
                "is-open",
                "is-closed",
                "is-good",
                "is-bad",
                "is-stopped",
                "is-running",
                "is-waiting",
            ]),
        ),
        ("div", ALERTS.iter().copied().collect()),
        ("input", HashSet::from(["task-list-item-checkbox"])),
        ("li", HashSet::from(["task-list-item"])),
        ("p", HashSet::from(["markdown-alert-title"])),
        ("pre", HashSet::from(["code"])),
        ("section", HashSet::from(["footnotes"])),
        ("span", highlight::CLASSES.iter().copied().chain(marks.iter().map(String::as_str)).collect()),
        ("sup", HashSet::from(["footnote-ref"])),
        ("ul", HashSet::from(["contains-task-list"])),
    ]);
    let has_pictures = rules.pictures.is_some();
    let (links, rules) = (links.clone(), rules.clone());
    let cleaned = Builder::empty()
        .tags(TAGS.iter().copied().collect())
        .clean_content_tags(HashSet::from(["script", "style", "template", "title", "noscript", "iframe"]))
        .tag_attributes(attributes)
        .generic_attributes(HashSet::from(["id"]))
        .allowed_classes(classes)
        // The only input allowed: the checkbox of a task list.
        .set_tag_attribute_value("input", "type", "checkbox")
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("img", "loading", "lazy")
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener noreferrer"))
        .id_prefix(Some(ID_PREFIX))
        .attribute_filter(move |element, attribute, value| match (element, attribute) {
            ("a", "href") => address(&links, value),
            ("img", "src") => picture(&links, &rules, value),
            ("source", "srcset") => single(value)
                .and_then(|value| picture(&links, &rules, value))
                .filter(|address| address.starts_with('/')),
            ("source", "media") => {
                value.starts_with("(prefers-color-scheme: ").then_some(Cow::Borrowed(value))
            }
            ("img", "width" | "height") => is_measure(value).then_some(Cow::Borrowed(value)),
            _ => Some(Cow::Borrowed(value)),
        })
        .clean(html)
        .to_string();
    if has_pictures { cleaned } else { picture::link(cleaned) }
}

/// The address in a list of one, without a size.
fn single(list: &str) -> Option<&str> {
    let list = list.trim();
    (!list.contains([',', ' ', '\t', '\n'])).then_some(list)
}

/// A number of pixels or per cent, small enough not to cover the page.
fn is_measure(value: &str) -> bool {
    let number = value.strip_suffix('%').or_else(|| value.strip_suffix("px")).unwrap_or(value);
    number.parse::<u16>().is_ok_and(|number| number <= 2_000)
}

/// Where a link leads: elsewhere, within this text, on this site, or to a file relative to this one.
fn address<'u>(links: &Links, url: &'u str) -> Option<Cow<'u, str>> {
    if let Some(place) = url.strip_prefix('#') {
        let id = place.strip_prefix(ID_PREFIX).unwrap_or(place);
        return Some(Cow::Owned(format!("#{ID_PREFIX}{id}")));
    }
    if is_elsewhere(url) {
        return Some(Cow::Borrowed(url));
    }
    if url.starts_with('/') && !links.is_file {
        return is_of_this_site(url).then_some(Cow::Borrowed(url));
    }
    let repository = links.repository.as_ref()?;
    let base = links.base.as_ref()?;
    let (file, rest) = url.find(['?', '#']).map_or((url, ""), |at| url.split_at(at));
    let file = beside(&base.folder, file)?;
    let rest = rest.find('#').map_or("", |at| &rest[at..]);
    Some(Cow::Owned(format!("{}{rest}", repository.source(&base.revision, &file))))
}

/// Where a picture comes from: this site alone, since a page contacts no other host.
fn picture<'u>(links: &Links, rules: &Rules, url: &'u str) -> Option<Cow<'u, str>> {
    let url = url.trim();
    if let Some(path) = url.strip_prefix(&rules.root).filter(|path| path.starts_with('/')) {
        return is_of_this_site(path).then_some(Cow::Borrowed(path));
    }
    if url.starts_with("//") || is_elsewhere(url) {
        return picture::address(rules, url);
    }
    if url.starts_with('#') {
        return None;
    }
    if url.starts_with('/') && !links.is_file {
        return is_of_this_site(url).then_some(Cow::Borrowed(url));
    }
    let repository = links.repository.as_ref()?;
    let base = links.base.as_ref()?;
    let file = beside(&base.folder, url.split(['?', '#']).next().unwrap_or_default())?;
    // Also large files, and vector graphics, which are drawn but never run.
    Some(Cow::Owned(repository.media(&base.revision, &file)))
}

/// Whether the address has a scheme; the allow-list checks which.
fn is_elsewhere(url: &str) -> bool {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// A path that no browser takes for another host.
fn is_of_this_site(url: &str) -> bool {
    !url.starts_with("//") && url.bytes().all(|byte| byte != b'\\' && !byte.is_ascii_control())
}

/// Resolves a path relative to a folder of the repository; `/x` is relative to the root. `None` outside the
/// repository.
fn beside(folder: &str, file: &str) -> Option<String> {
    if file.starts_with("//") || file.contains('\\') {
        return None;
    }
    let decoded = decode(file)?;
    let mut parts: Vec<&str> = if decoded.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Undoes percent-encoding; the address is encoded again afterwards.
fn decode(text: &str) -> Option<String> {
    let bytes: Vec<u8> = {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text.as_bytes();
        while let Some((&first, tail)) = rest.split_first() {
            let digit = |at: usize| tail.get(at).and_then(|&byte| char::from(byte).to_digit(16));
            match (first, digit(0), digit(1)) {
                (b'%', Some(high), Some(low)) => {
                    out.push(u8::try_from(high * 16 + low).unwrap_or_default());
                    rest = &tail[2..];
                }
                _ => {
                    out.push(first);
                    rest = tail;
                }
            }
        }
        out
    };
    let decoded = String::from_utf8(bytes).ok()?;
    (!decoded.chars().any(char::is_control)).then_some(decoded)
}
