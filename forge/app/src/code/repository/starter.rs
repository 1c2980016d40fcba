//! Initial files for a new repository.

use hearth_core::FieldErrors;

/// A licence to choose from.
#[derive(Clone, Copy, Debug)]
pub struct Licence {
    /// The SPDX id.
    pub id: &'static str,
    pub name: &'static str,
    /// With `{year}` and `{holder}`.
    text: &'static str,
}

impl Licence {
    /// The text, with `{year}` and `{holder}`.
    pub const fn text(&self) -> &'static str {
        self.text
    }
}

pub const LICENCES: &[Licence] = &[
    Licence { id: "MIT", name: "MIT License", text: include_str!("licences/MIT.txt") },
    Licence { id: "Apache-2.0", name: "Apache License 2.0", text: include_str!("licences/Apache-2.0.txt") },
    Licence {
        id: "BSD-3-Clause",
        name: "BSD 3-Clause License",
        text: include_str!("licences/BSD-3-Clause.txt"),
    },
];

/// Ignore files to choose from: the name and the lines.
pub const GITIGNORES: &[(&str, &str)] = &[
    ("C", include_str!("ignores/C.txt")),
    ("C++", include_str!("ignores/C++.txt")),
    ("Go", "bin/\n*.test\n*.out\ncoverage.txt\n"),
    ("Java", "target/\nbuild/\n.gradle/\n*.class\n*.jar\n"),
    ("Node", "node_modules/\ndist/\ncoverage/\n*.log\n.env\n.cache/\n"),
    (
        "Python",
        "__pycache__/\n*.py[cod]\n*.egg-info/\n.venv/\nvenv/\nbuild/\ndist/\n.pytest_cache/\n.mypy_cache/\n\
         .ipynb_checkpoints/\n.env\n",
    ),
    ("Rust", "target/\n*.profraw\n"),
];

/// What was chosen.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) with_readme: bool,
    pub(super) gitignore: Option<String>,
    pub(super) licence: Option<String>,
}

/// The lines of the named ignore files, whose names are separated by commas; several are headed by their names.
/// None: one of them is unknown.
fn ignored_by(names: &str) -> Option<String> {
    let mut chosen: Vec<&(&str, &str)> = Vec::new();
    for wanted in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let found = GITIGNORES.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
        if !chosen.contains(&found) {
            chosen.push(found);
        }
    }
    match chosen[..] {
        [] => None,
        [(_, lines)] => Some((*lines).to_owned()),
        _ => {
            let headed = chosen.iter().map(|(name, lines)| format!("# {name}\n{lines}"));
            Some(headed.collect::<Vec<_>>().join("\n"))
        }
    }
}

/// The values filled into the files.
pub(super) struct Text<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) holder: &'a str,
    pub(super) year: i16,
}

/// The files of the first commit; none if nothing was chosen.
pub(super) fn files(
    choice: &Choice,
    text: &Text<'_>,
    errors: &mut FieldErrors,
) -> Vec<(&'static str, String)> {
    let mut files = Vec::new();
    if choice.with_readme {
        let description = if text.description.is_empty() { "" } else { "\n\n" };
        // Without a line break at the end, as in Gitea: programs compare what they get.
        files.push(("README.md", format!("# {}{description}{}", text.name, text.description)));
    }
    if let Some(wanted) = &choice.gitignore {
        match ignored_by(wanted) {
            Some(lines) => files.push((".gitignore", lines)),
            None => errors.add("gitignore", "unknown-choice"),
        }
    }
    if let Some(wanted) = &choice.licence {
        match LICENCES.iter().find(|licence| licence.id.eq_ignore_ascii_case(wanted)) {
            Some(licence) => {
                let year = text.year.to_string();
                let filled = licence.text.replace("{year}", &year).replace("{holder}", text.holder);
                files.push(("LICENSE", filled));
            }
            None => errors.add("licence", "unknown-choice"),
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(with_readme: bool, gitignore: Option<&str>, licence: Option<&str>) -> Choice {
        Choice { with_readme, gitignore: gitignore.map(Into::into), licence: licence.map(Into::into) }
    }

    const TEXT: Text<'_> = Text { name: "llm", description: "A model", holder: "Mei", year: 2026 };

    #[test]
    fn every_choice_gives_its_file() {
        let mut errors = FieldErrors::default();
        let made = files(&choose(true, Some("python"), Some("mit")), &TEXT, &mut errors);
        assert!(errors.is_empty());
        assert_eq!(made[0], ("README.md", "# llm\n\nA model".to_owned()));
        assert!(made[1].1.starts_with("__pycache__/\n"));
        assert!(made[2].1.contains("Copyright (c) 2026 Mei\n"));
    }

    #[test]
    fn nothing_chosen_is_an_empty_repository() {
        assert!(files(&choose(false, None, None), &TEXT, &mut FieldErrors::default()).is_empty());
    }

    #[test]
    fn several_ignore_files_become_one_with_headings() {
        let both = ignored_by("rust, Go,RUST").expect("both are known");
        assert!(both.starts_with("# Rust\ntarget/\n"), "{both}");
        assert!(both.contains("\n\n# Go\nbin/\n"), "{both}");
        assert_eq!(both.matches("# Rust").count(), 1);
    }

    #[test]
    fn unknown_words_are_refused() {
        for ignores in ["Cobol", "Rust,Cobol", " ,"] {
            let mut errors = FieldErrors::default();
            files(&choose(false, Some(ignores), Some("WTF")), &TEXT, &mut errors);
            assert!(errors.into_result().is_err(), "{ignores}");
        }
    }

    #[test]
    fn licences_are_whole() {
        for licence in LICENCES {
            assert!(licence.text.len() > 1_000, "{}", licence.id);
        }
    }
}
