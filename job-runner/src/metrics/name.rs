//! What a metric may be called.

use unicode_properties::{GeneralCategoryGroup as Group, UnicodeGeneralCategory as _};

const LONGEST_NAME: usize = 64;

/// Whether a word of a log line is a name: a letter first, then letters, digits and marks of any script, and
/// a few signs.
pub(super) fn is_word(name: &str) -> bool {
    let is_letter = |letter: char| letter.general_category_group() == Group::Letter;
    let belongs = |letter: char| {
        matches!(letter.general_category_group(), Group::Letter | Group::Mark | Group::Number)
            || matches!(letter, '_' | '.' | '/' | '-' | '@')
            || is_joiner(letter)
    };
    name.chars().next().is_some_and(is_letter) && name.chars().all(belongs) && is_short(name)
}

/// Whether a key of a JSON line is a name: any text in one line that can be seen.
pub(super) fn is_label(name: &str) -> bool {
    let can_be_seen = |letter: char| {
        letter == ' '
            || is_joiner(letter)
            || !matches!(letter.general_category_group(), Group::Other | Group::Separator)
    };
    !name.is_empty() && name.trim() == name && name.chars().all(can_be_seen) && is_short(name)
}

fn is_short(name: &str) -> bool {
    name.chars().nth(LONGEST_NAME).is_none()
}

/// Invisible, but needed within words of Persian and of Indian languages.
const fn is_joiner(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}')
}
