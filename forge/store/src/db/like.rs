//! Parts of texts.

use super::Query;

impl Query<'_> {
    /// Appends the condition that `text` is somewhere in the text of `expression`, which has to be in lower case:
    /// `.contains("lower(i.title)", word)`. What `text` holds stands for itself.
    pub fn contains(self, expression: &'static str, text: &str) -> Self {
        self.then(expression).then(" LIKE ").place(pattern(text)).then(" ESCAPE '\\'")
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
