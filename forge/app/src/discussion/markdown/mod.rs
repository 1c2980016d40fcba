//! Users' text as HTML: GitHub-flavoured Markdown, with references linked, code highlighted and formulas drawn.
//!
//! The order makes it safe: parse, link, highlight, render, and *last* the allow-list of `clean.rs`, so that
//! nothing a user wrote reaches a page in any other way. Only what we made ourselves, such as MathML, is put in
//! after it (`insertion.rs`). Texts that are too large, too deep or too slow are shown as plain text.

mod clean;
mod cost;
mod diagram;
mod format;
mod insertion;
mod markup;
mod math;
mod named;
mod of;
mod picture;
mod reference;
mod rules;

use std::{
    sync::{Arc, LazyLock},
    time::{Duration, Instant},
};

use comrak::{
    Arena, Options,
    nodes::{AstNode, NodeCodeBlock, NodeValue},
    parse_document,
};
use hearth_core::{
    Language as ReaderLanguage,
    urls::{RepositoryUrls, Revision},
};
use hearth_git::{Shares, current_holders};
use moka::future::Cache;
use sha2::{Digest as _, Sha256};

use self::insertion::Insertions;
use crate::{
    App,
    highlight::{self, Language},
};
pub(crate) use named::{NamedIssue, named, of_message};
pub use of::comments;
pub use reference::{ForeignThread, Known, KnownTask, KnownThread, ModelMention, References, TeamMention};
pub use rules::Rules;

/// A text that takes longer is shown as plain text.
const BUDGET: Duration = Duration::from_secs(2);
const CODE_BUDGET: Duration = Duration::from_millis(800);
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// Larger texts are rendered only a few at a time, to bound their total memory, and one for each reader.
const LARGE_BYTES: usize = 32 * 1024;
const LARGE_AT_ONCE: usize = 2;
const LARGE_OF_ONE: usize = 1;
const PLAIN: &str = "<pre class=\"plain\">";
const LARGE_PLAIN: &str = "<pre class=\"plain large\">";

static LARGE: LazyLock<Shares> = LazyLock::new(|| Shares::new(LARGE_AT_ONCE, LARGE_OF_ONE));

/// Recently rendered texts, by the hash of all inputs.
static DRAWN: LazyLock<Cache<[u8; 32], Arc<str>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(CACHE_BYTES)
        .weigher(|_, html: &Arc<str>| u32::try_from(html.len() + 64).unwrap_or(u32::MAX))
        .build()
});

/// The context for the links of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The repository that `#12` and commit ids refer to.
    pub repository: Option<RepositoryUrls>,
    /// What relative links are relative to.
    pub base: Option<Base>,
    /// The text is a file of a repository: line breaks are spaces, front matter is hidden, and `/x` is
    /// relative to the repository's root.
    pub is_file: bool,
    /// What the text refers to and the reader may see.
    pub known: Known,
    /// The language in which links say the state of what they lead to.
    pub language: ReaderLanguage,
    /// The site's own address, by which full addresses of threads are recognised.
    pub root: String,
}

/// A folder of a repository at a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    pub revision: Revision,
    /// Without leading or trailing slashes; empty for the root.
    pub folder: String,
}

/// Renders a text off the async threads, within its time budget, and caches the result. The only way for a text to
/// a page, also for parts of other files such as cells of notebooks.
pub async fn draw(app: &App, text: Arc<str>, links: Links) -> Arc<str> {
    within_budget(app, text, links, "text", render).await
}

/// The same for somebody's HTML, of which what Markdown may contain remains.
pub async fn draw_html(app: &App, html: Arc<str>, links: Links) -> Arc<str> {
    within_budget(app, html, links, "html", sanitise).await
}

type Rendering = fn(&str, &Links, &Rules) -> String;

async fn within_budget(
    app: &App,
    text: Arc<str>,
    links: Links,
    kind: &str,
    rendering: Rendering,
) -> Arc<str> {
    let rules = Rules::of(app);
    let inputs = format!("{kind}\0{rules:?}\0{links:?}\0");
    let key = Sha256::new().chain_update(inputs).chain_update(text.as_bytes()).finalize();
    let work = async {
        let large =
            if text.len() > LARGE_BYTES { Some(LARGE.acquire(&current_holders()).await) } else { None };
        let turn = app.file_permits().turn().await;
        let drawing = {
            let text = Arc::clone(&text);
            tokio::task::spawn_blocking(move || {
                let html = rendering(&text, &links, &rules);
                drop((turn, large));
                html
            })
        };
        match tokio::time::timeout(BUDGET, drawing).await {
            Ok(Ok(html)) => html.into(),
            Ok(Err(_)) | Err(_) => plain(PLAIN, &text).into(),
        }
    };
    DRAWN.get_with(key.into(), work).await
}

/// Why a text was rendered as plain text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    TooComplex,
    /// Over `limits.markdown_bytes`.
    TooLarge,
}

/// Whether a text was rendered as plain text, and why.
pub fn plainness(html: &str) -> Option<Plain> {
    if html.starts_with(LARGE_PLAIN) {
        Some(Plain::TooLarge)
    } else {
        html.starts_with(PLAIN).then_some(Plain::TooComplex)
    }
}

/// Renders a text on the current thread.
pub fn render(text: &str, links: &Links, rules: &Rules) -> String {
    if text.len() as u64 > rules.most_bytes {
        return plain(LARGE_PLAIN, text);
    }
    let disabled = cost::disabled_features(text);
    if disabled.everything {
        return plain(PLAIN, text);
    }
    let deadline = Instant::now() + BUDGET;
    let arena = Arena::new();
    let mut options = options(links);
    disabled.apply(&mut options);
    let root = parse_document(&arena, &math::escape(text, &options), &options);
    if cost::is_too_large(root) {
        return plain(PLAIN, text);
    }
    let mut insertions = Insertions::into_text(text);
    math::draw(root, &mut insertions);
    reference::link(&arena, root, links);
    let mut code_time = CODE_BUDGET;
    diagram::draw(root, rules, &mut insertions, &mut code_time);
    for node in root.descendants() {
        colour(node, &mut code_time);
    }
    let Some(html) = formatted(root, &mut options).filter(|_| Instant::now() <= deadline) else {
        return plain(PLAIN, text);
    };
    let html = clean::clean(&html, links, rules, &insertions.marks());
    insertions.put_into(html)
}

/// The HTML of a document, to be sanitised. Where that would cost too much because of the tags that somebody wrote,
/// they are shown as text.
fn formatted<'a>(root: &'a AstNode<'a>, options: &mut Options<'_>) -> Option<String> {
    let mut html = String::new();
    format::format(root, options, &mut html).ok()?;
    if !markup::is_affordable(&html) {
        options.render.r#unsafe = false;
        options.render.escape = true;
        html.clear();
        format::format(root, options, &mut html).ok()?;
    }
    markup::is_affordable(&html).then_some(html)
}

/// Somebody's HTML, with only what Markdown may contain.
fn sanitise(html: &str, links: &Links, rules: &Rules) -> String {
    if html.len() as u64 > rules.most_bytes {
        plain(LARGE_PLAIN, html)
    } else if markup::is_affordable(html) {
        clean::clean(html, links, rules, &[])
    } else {
        plain(PLAIN, html)
    }
}

/// The words of a text without markup, on one line: for link titles and page descriptions.
pub fn excerpt(text: &str, most: usize) -> String {
    let arena = Arena::new();
    let text: String = text.chars().take(most.saturating_mul(8)).collect();
    let root = parse_document(&arena, &text, &options(&Links::default()));
    let mut words = String::new();
    for node in root.descendants() {
        match &node.data.borrow().value {
            NodeValue::Text(piece) => words.push_str(piece),
            NodeValue::Code(code) => words.push_str(&code.literal),
            NodeValue::Math(math) => words.push_str(&math.literal),
            NodeValue::ShortCode(emoji) => words.push_str(&emoji.emoji),
            NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::Paragraph | NodeValue::Item(_) => {
                words.push(' ');
            }
            _ => {}
        }
    }
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

fn options(links: &Links) -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    extension.table = true;
    extension.tasklist = true;
    extension.strikethrough = true;
    extension.autolink = true;
    extension.footnotes = true;
    extension.alerts = true;
    extension.cjk_friendly_emphasis = true;
    extension.math_dollars = true;
    extension.math_code = true;
    extension.shortcodes = true;
    extension.front_matter_delimiter = links.is_file.then(|| "---".to_owned());
    options.parse.relaxed_tasklist_matching = true;
    options.render.tasklist_classes = true;
    options.render.hardbreaks = !links.is_file;
    // Users' HTML is kept here because `clean` sanitises everything afterwards.
    options.render.r#unsafe = true;
    options
}

/// Replaces a code block with highlighted lines.
fn colour<'a>(node: &'a AstNode<'a>, time: &mut Duration) {
    let mut data = node.data.borrow_mut();
    let NodeValue::CodeBlock(block) = &data.value else { return };
    let html = coloured(block, time);
    data.value = NodeValue::Raw(html);
}

fn coloured(block: &NodeCodeBlock, time: &mut Duration) -> String {
    let started = Instant::now();
    let lines = highlight::highlight(&block.literal, Language::of_word(word(block)), *time).lines;
    *time = time.saturating_sub(started.elapsed());
    let mut html = String::from("<pre class=\"code\"><code>");
    for line in lines {
        html.push_str(&line);
        html.push('\n');
    }
    html.push_str("</code></pre>\n");
    html
}

/// What a block is written in, as its first line says.
fn word(block: &NodeCodeBlock) -> &str {
    block.info.split([' ', ',', '{']).next().unwrap_or_default()
}

/// The text exactly as typed.
fn plain(opening: &str, text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    html.push_str(opening);
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            _ => html.push(letter),
        }
    }
    html.push_str("</pre>");
    html
}

/// Escapes an attribute's value.
fn attribute(value: &str) -> String {
    value.chars().fold(String::with_capacity(value.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
        out
    })
}

#[cfg(test)]
mod tests;
