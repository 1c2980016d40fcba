//! Issues whose titles resemble one that is being written, so that nothing is reported twice.

use hearth_core::{Read, Result};
use hearth_store::thread_overview as row;
pub use hearth_store::thread_overview::SimilarIssue;

use crate::{Access, App};

/// The newest titles that are looked at.
const MOST_READ: u64 = 2_000;
const MOST_FOUND: u64 = 5;
const MOST_WORDS: usize = 12;
/// Shorter words of languages with an alphabet are in nearly every title.
const SHORTEST_WORD: usize = 3;

/// The issues that share the most words with a title; none for a title without any.
pub async fn similar(app: &App, access: &Access<Read>, title: &str) -> Result<Vec<SimilarIssue>> {
    let words = words(title);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let repository = access.repository().id;
    Ok(row::similar(&mut app.store().read().await?, repository, &words, (MOST_READ, MOST_FOUND)).await?)
}

/// The words of a title that tell it from others. Chinese is written without spaces: there, every two characters that follow each
/// other are a word.
fn words(title: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for part in title.split(|letter: char| !letter.is_alphanumeric()) {
        let letters: Vec<char> = part.chars().collect();
        let found: Vec<String> = if letters.iter().any(|letter| is_ideograph(*letter)) {
            letters.windows(2).map(|pair| pair.iter().collect()).collect()
        } else if letters.len() >= SHORTEST_WORD {
            vec![part.to_lowercase()]
        } else {
            Vec::new()
        };
        for word in found {
            if words.len() < MOST_WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
    }
    words
}

/// Whether a character belongs to a script that is written without spaces: Chinese, and the Japanese syllabaries.
const fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_that_tell_a_title_from_others() {
        assert_eq!(words("A crash, in CRASH-test at 100%"), ["crash", "test", "100"]);
        assert_eq!(words("训练崩溃 on H200"), ["训练", "练崩", "崩溃", "h200"]);
        assert_eq!(words("?! a"), [""; 0]);
        assert_eq!(words(&"abc1 abc2 ".repeat(100)).len(), 2);
        assert!(words(&"数".repeat(1000)).len() <= MOST_WORDS);
    }
}
