//! All texts of Hearth for people: pages, e-mail and the output of pushes. The messages are in
//! `templates/locales/`; the build rejects a key that one language lacks. No markup here: that is up to
//! `hearth-web`.

mod argument;
mod duration;
pub mod engine_state;
pub mod field;
mod format;
pub mod reason;

use std::sync::LazyLock;

use fluent::{FluentArgs, FluentResource, concurrent::FluentBundle};
use hearth_core::Language;

pub use argument::WordArgument;
pub use duration::duration;
pub use format::{bytes, grouped, points, short_hash};

mod table {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

/// The messages of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(Language);

static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
    LazyLock::new(|| Language::ALL.iter().map(|&language| bundle(language)).collect());

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let identifier = language.as_str().parse().expect("the tags of our languages are well-formed");
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(format::number_in_message));
    let resource = FluentResource::try_new(table::SOURCES[language as usize].to_owned())
        .expect("the build has read the catalogue");
    bundle.add_resource(resource).expect("the build rejects duplicate keys");
    bundle
}

impl Words {
    pub const fn of(language: Language) -> Self {
        Self(language)
    }

    /// So that `t!` accepts a page or [`Words`] itself.
    #[must_use]
    pub const fn words(self) -> Self {
        self
    }

    pub const fn language(self) -> Language {
        self.0
    }

    /// The complete text at an index returned by [`place`].
    pub fn text(self, place: usize) -> &'static str {
        table::TEXTS[self.0 as usize][place]
    }

    /// The text at an index, with the arguments of `t!`.
    pub fn with(self, place: usize, arguments: &[(&'static str, &dyn WordArgument)]) -> String {
        let arguments: FluentArgs<'_> = arguments.iter().map(|(name, value)| (*name, value.word())).collect();
        let bundle = &BUNDLES[self.0 as usize];
        let pattern = bundle.get_message(table::KEYS[place]).and_then(|message| message.value());
        let pattern = pattern.expect("a place is that of a message with a value");
        bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// The text for a key that is only known at run time: a reason code, a field error.
    pub fn find(self, key: &str) -> Option<String> {
        self.find_filled(key, &[])
    }

    /// The same with arguments; those that the message does not use are ignored.
    pub fn find_filled(self, key: &str, arguments: &[(&'static str, &dyn WordArgument)]) -> Option<String> {
        let place = table::KEYS.binary_search(&key).ok()?;
        if table::ARGUMENTS[place].is_empty() {
            return Some(self.text(place).to_owned());
        }
        Some(self.with(place, arguments))
    }

    /// Every key of the catalogue, in order.
    pub fn keys() -> &'static [&'static str] {
        &table::KEYS
    }
}

/// The index of a message. Evaluated at compile time, so a wrong key or argument fails the build.
pub const fn place(key: &str, arguments: &[&str], problem: &str) -> usize {
    let (mut low, mut high) = (0, table::KEYS.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        match compare(table::KEYS[middle].as_bytes(), key.as_bytes()) {
            0 if has_same(table::ARGUMENTS[middle], arguments) => return middle,
            0 => break,
            1 => high = middle,
            _ => low = middle + 1,
        }
    }
    panic!("{}", problem)
}

/// 0: equal, 1: the left one is greater, 2: the left one is smaller.
const fn compare(left: &[u8], right: &[u8]) -> u8 {
    let mut at = 0;
    while at < left.len() && at < right.len() {
        if left[at] != right[at] {
            return if left[at] > right[at] { 1 } else { 2 };
        }
        at += 1;
    }
    if left.len() == right.len() {
        0
    } else if left.len() > right.len() {
        1
    } else {
        2
    }
}

const fn has_same(wanted: &[&str], given: &[&str]) -> bool {
    if wanted.len() != given.len() {
        return false;
    }
    let mut at = 0;
    while at < wanted.len() {
        let mut place = 0;
        while place < given.len() && compare(wanted[at].as_bytes(), given[place].as_bytes()) != 0 {
            place += 1;
        }
        if place == given.len() {
            return false;
        }
        at += 1;
    }
    true
}

/// A message in the reader's language: `t!(page, "repo-issues-list-count", count = 3)`.
///
/// Without arguments it is a `&'static str`, with arguments a `String`. In a template: `{{ t!(self.page, "…") }}`.
#[macro_export]
macro_rules! t {
    ($page:expr, $key:literal $(,)?) => {{
        const PLACE: usize = $crate::place($key, &[], concat!("no message `", $key, "` without arguments in templates/locales/en"));
        $page.words().text(PLACE)
    }};
    ($page:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        const PLACE: usize = $crate::place(
            $key,
            &[$(stringify!($name)),+],
            concat!("no message `", $key, "` with the arguments", $(" `", stringify!($name), "`",)+ " in templates/locales/en"),
        );
        $page.words().with(PLACE, &[$((stringify!($name), &$value as &dyn $crate::WordArgument)),+])
    }};
}
