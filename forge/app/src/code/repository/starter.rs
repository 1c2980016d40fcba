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
    ("C++", "build/\nout/\n*.o\n*.a\n*.so\ncompile_commands.json\n.cache/\n"),
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
        files.push(("README.md", format!("# {}{description}{}\n", text.name, text.description)));
    }
    if let Some(wanted) = &choice.gitignore {
        match GITIGNORES.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)) {
            Some((_, lines)) => files.push((".gitignore", (*lines).to_owned())),
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
        assert_eq!(made[0], ("README.md", "# llm\n\nA model\n".to_owned()));
        assert!(made[1].1.starts_with("__pycache__/\n"));
        assert!(made[2].1.contains("Copyright (c) 2026 Mei\n"));
    }

    #[test]
    fn nothing_chosen_is_an_empty_repository() {
        assert!(files(&choose(false, None, None), &TEXT, &mut FieldErrors::default()).is_empty());
    }

    #[test]
    fn unknown_words_are_refused() {
        let mut errors = FieldErrors::default();
        files(&choose(false, Some("Cobol"), Some("WTF")), &TEXT, &mut errors);
        assert!(errors.into_result().is_err());
    }

    #[test]
    fn licences_are_whole() {
        for licence in LICENCES {
            assert!(licence.text.len() > 1_000, "{}", licence.id);
        }
    }
}
