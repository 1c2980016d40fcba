//! Substring search.

use super::Query;

impl Query<'_> {
    /// Appends the condition that the lower-case `expression` contains `text`: `.contains("lower(i.title)",
    /// word)`. Wildcards in `text` are escaped.
    pub fn contains(self, expression: &'static str, text: &str) -> Self {
        self.push(expression).push(" LIKE ").push_bind(pattern(text)).push(" ESCAPE '\\'")
    }
}

fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn signs_of_a_pattern_stand_for_themselves() {
        assert_eq!(pattern("100%_A\\"), "%100\\%\\_a\\\\%");
    }
}
