//! How well a path matches what somebody types; `find.js` scores in the same way.

/// For a letter after a separator, or a capital after a small letter: the beginning of a word.
const AT_WORD: i32 = 8;
/// For a letter directly after the one before.
const IN_ROW: i32 = 6;
/// For a letter in the name of the file.
const IN_NAME: i32 = 4;

/// The letters of a query: small, and without spaces.
pub(super) fn folded(query: &str) -> Vec<char> {
    query.chars().filter(|letter| !letter.is_whitespace()).map(small).collect()
}

/// How well the letters of `query` are found in `path`, in this order and from the end, so that the name of the file
/// comes before its folders. Of equal matches the shorter path is better. `None`: it does not match.
pub(super) fn score(path: &str, query: &[char]) -> Option<i32> {
    let mut wanted = query.iter().rev().peekable();
    let (mut score, mut is_in_name, mut was_match, mut length) = (0, true, false, 0);
    let mut letters = path.chars().rev().peekable();
    while let Some(letter) = letters.next() {
        length += 1;
        is_in_name &= letter != '/';
        let is_match = wanted.next_if(|wanted| **wanted == small(letter)).is_some();
        if is_match {
            let is_at_word = letters.peek().is_none_or(|before| {
                !before.is_alphanumeric() || before.is_lowercase() && letter.is_uppercase()
            });
            score += i32::from(is_at_word) * AT_WORD
                + i32::from(was_match) * IN_ROW
                + i32::from(is_in_name) * IN_NAME;
        }
        was_match = is_match;
    }
    (wanted.peek().is_none()).then(|| score * 16 - length.min(1_024))
}

/// A letter without its case, where that is one letter.
fn small(letter: char) -> char {
    let mut lower = letter.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(only), None) => only,
        _ => letter,
    }
}
