//! How the text of a search box falls into parts.

/// A value as it is written in a query.
pub(crate) fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}

/// A key with its value, as [`key_and_value`] takes them apart.
pub(crate) fn named(key: &str, value: &str) -> String {
    format!("{key}:{}", quoted(value))
}

/// Further parts are ignored: databases limit the number of conditions.
pub(crate) const MOST_PARTS: usize = 30;

/// Words separated by whitespace, at most [`MOST_PARTS`]; quotes keep whitespace together.
pub(crate) fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            _ if letter.is_whitespace() && !is_quoted => parts.push(String::new()),
            _ if letter.is_control() => {}
            _ => parts.last_mut().expect("there is always one").push(letter),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.truncate(MOST_PARTS);
    parts
}

/// The key and the value of a part such as `author:mei`. None: it is a word to look for.
pub(crate) fn key_and_value(part: &str) -> Option<(&str, &str)> {
    part.split_once(':').filter(|(key, value)| !key.is_empty() && !value.is_empty())
}

/// What a part without a key and a value looks for; none: it has nothing but colons. What would be a filter without the colon in
/// front of it stays as it is, so that it means the same when it is written again.
pub(crate) fn word(part: &str) -> Option<String> {
    let inner = part.trim_matches(':');
    let word = if inner.contains(':') { part } else { inner };
    (!inner.is_empty()).then(|| word.to_owned())
}

/// The person that a value names; none: it is nothing but `@`.
pub(crate) fn person(value: &str) -> Option<String> {
    Some(value.trim_start_matches('@').to_owned()).filter(|name| !name.is_empty())
}

/// Texts made of what queries are made of.
#[cfg(test)]
pub(crate) fn any_query() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::{collection::vec, prop_oneof, sample::select, strategy::Strategy as _};

    const PARTS: [&str; 24] = [
        "is:",
        "state:",
        "open",
        "closed",
        "merged",
        "all",
        "no:",
        "label",
        "assignee",
        "label:",
        "author:",
        "mentions:",
        "milestone:",
        "sort:",
        "oldest",
        "base:",
        "head:",
        "draft:true",
        "is:blocked",
        "review-requested:",
        "@me",
        "\"",
        ":",
        " ",
    ];
    vec(prop_oneof![3 => select(PARTS.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,3}"], 0..12)
        .prop_map(|parts| parts.concat())
}
