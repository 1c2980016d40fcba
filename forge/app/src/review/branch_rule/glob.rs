//! Patterns with wildcards, matched in a time that grows only with the length of both: patterns are written by users.

/// A pattern, ready to be matched.
///
/// `?` stands for one letter, `*` for any number of them, both except `/`; `**` also for slashes, and `**/` for any number
/// of folders, none included. Everything else stands for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Glob(Vec<Token>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Letter(char),
    One,
    Many,
    Deep,
    /// The two tokens after it may be absent: `**/`.
    Folders,
}

impl Glob {
    /// The pattern of names with folders, such as those of branches.
    pub(crate) fn new(pattern: &str) -> Self {
        let mut tokens = Vec::with_capacity(pattern.len());
        let mut rest = pattern;
        let mut is_start = true;
        while let Some(letter) = rest.chars().next() {
            if let Some(after) = rest.strip_prefix("**") {
                rest = after.trim_start_matches('*');
                if is_start && rest.starts_with('/') {
                    tokens.push(Token::Folders);
                }
                tokens.push(Token::Deep);
                is_start = false;
                continue;
            }
            tokens.push(match letter {
                '*' => Token::Many,
                '?' => Token::One,
                other => Token::Letter(other),
            });
            is_start = letter == '/';
            rest = &rest[letter.len_utf8()..];
        }
        Self(tokens)
    }

    /// The pattern of names in which a slash is a letter like others, such as those of checks.
    pub(crate) fn of_words(pattern: &str) -> Self {
        let token = |letter| match letter {
            '*' => Token::Deep,
            other => Token::Letter(other),
        };
        Self(pattern.chars().map(token).collect())
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let tokens = &self.0;
        // Whether what was read so far can be matched by the tokens before each place.
        let mut places = vec![false; tokens.len() + 1];
        places[0] = true;
        self.pass_empty(&mut places);
        for letter in name.chars() {
            let mut next = vec![false; places.len()];
            for (place, token) in tokens.iter().enumerate().filter(|(place, _)| places[*place]) {
                match token {
                    Token::Letter(wanted) => next[place + 1] |= *wanted == letter,
                    Token::One => next[place + 1] |= letter != '/',
                    Token::Many => next[place] |= letter != '/',
                    Token::Deep => next[place] = true,
                    Token::Folders => {}
                }
            }
            if !next.contains(&true) {
                return false;
            }
            self.pass_empty(&mut next);
            places = next;
        }
        places[tokens.len()]
    }

    /// Goes past what may stand for nothing.
    fn pass_empty(&self, places: &mut [bool]) {
        for (place, token) in self.0.iter().enumerate() {
            if !places[place] {
                continue;
            }
            match token {
                Token::Many | Token::Deep => places[place + 1] = true,
                Token::Folders => {
                    places[place + 1] = true;
                    places[place + 3] = true;
                }
                Token::Letter(_) | Token::One => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_stays_within_a_folder_and_two_do_not() {
        for (pattern, name, is_match) in [
            ("main", "main", true),
            ("main", "main2", false),
            ("release/*", "release/1.0", true),
            ("release/*", "release/1.0/fix", false),
            ("release/**", "release/1.0/fix", true),
            ("release/**", "release", false),
            ("*", "main", true),
            ("*", "feature/x", false),
            ("**", "feature/x", true),
            ("**/hotfix", "hotfix", true),
            ("**/hotfix", "a/b/hotfix", true),
            ("**/hotfix", "a/nohotfix", false),
            ("a/**/z", "a/z", true),
            ("a/**/z", "a/b/c/z", true),
            ("v?.?", "v1.2", true),
            ("v?.?", "v1./", false),
            ("v*-rc*", "v1.0-rc2", true),
            ("分支-*", "分支-一", true),
            ("", "main", false),
        ] {
            assert_eq!(Glob::new(pattern).matches(name), is_match, "{pattern} {name}");
        }
    }

    #[test]
    fn in_the_names_of_checks_a_slash_is_a_letter() {
        for (pattern, name, is_match) in [
            ("ci/*", "ci/linux/release", true),
            ("*", "ci/linux", true),
            ("ci/?", "ci/?", true),
            ("ci/?", "ci/a", false),
        ] {
            assert_eq!(Glob::of_words(pattern).matches(name), is_match, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(100);
        assert!(!Glob::new(&pattern).matches(&format!("{}b", "a".repeat(1_000))));
    }

    /// What a pattern means, letter by letter.
    fn means(pattern: &str, name: &str, is_start: bool) -> bool {
        let rests = |name: &str| -> Vec<String> {
            let ends = name.char_indices().map(|(place, _)| place).chain([name.len()]);
            ends.map(|place| name[place..].to_owned()).collect()
        };
        if let Some(after) = pattern.strip_prefix("**") {
            let after = after.trim_start_matches('*');
            let skips_folder =
                is_start && after.strip_prefix('/').is_some_and(|rest| means(rest, name, true));
            return skips_folder || rests(name).iter().any(|rest| means(after, rest, false));
        }
        let Some(wanted) = pattern.chars().next() else { return name.is_empty() };
        let after = &pattern[wanted.len_utf8()..];
        if wanted == '*' {
            let most = name.find('/').unwrap_or(name.len());
            return rests(name)
                .iter()
                .any(|rest| name.len() - rest.len() <= most && means(after, rest, false));
        }
        let mut letters = name.chars();
        letters.next().is_some_and(|letter| {
            let fits = if wanted == '?' { letter != '/' } else { letter == wanted };
            fits && means(after, letters.as_str(), wanted == '/')
        })
    }

    proptest! {
        #[test]
        fn patterns_match_what_they_mean(pattern in "[ab/*?]{0,7}", name in "[ab/]{0,7}") {
            prop_assert_eq!(Glob::new(&pattern).matches(&name), means(&pattern, &name, true));
        }
    }
}
