//! Languages by the names that people know, and which of them programs are written in.

/// Grammars whose own name is not what people call the language.
const KNOWN_AS: &[(&str, &str)] = &[
    ("Bourne Again Shell (bash)", "Shell"),
    ("Shell-Unix-Generic", "Shell"),
    ("Fish", "Shell"),
    ("Batch File", "Batch"),
    ("Java Server Page (JSP)", "JSP"),
    ("TypeScriptReact", "TypeScript"),
    ("Ruby on Rails", "Ruby"),
    ("Ruby Haml", "Haml"),
    ("Ruby Slim", "Slim"),
    ("Vue Component", "Vue"),
    ("PHP Source", "PHP"),
    ("ARM Assembly", "Assembly"),
    ("CFML Script", "CFML"),
    ("CMake C Header", "C"),
    ("CMake C++ Header", "C++"),
    ("Literate Haskell", "Haskell"),
    ("Lean 4", "Lean"),
    ("VimL", "Vim script"),
    ("Typst Code", "Typst"),
    ("Groff/troff", "Roff"),
    ("Separated Values", "CSV"),
    ("Comma Separated Values", "CSV"),
    ("Semi-Colon Separated Values", "CSV"),
    ("Pipe Separated Values", "CSV"),
    ("Tab Separated Values", "TSV"),
    ("Gomod", "Go module"),
    ("Gosum", "Go checksums"),
];

/// Data, prose, configuration and what programs print. Whole families are in [`OTHER_FAMILIES`].
const OTHERS: &[&str] = &[
    "Apache Conf",
    "AsciiDoc",
    "Authorized Keys",
    "BibTeX",
    "CMakeCache",
    "CMakeCommands",
    "CSV",
    "CpuInfo",
    "Command Help",
    "Crontab",
    "DMD Output",
    "Diff",
    "DotENV",
    "Elm Compile Messages",
    "Elm Documentation",
    "Email",
    "Go checksums",
    "Go module",
    "HTTP Request and Response",
    "Highlight non-printables",
    "Hosts File",
    "INI",
    "JSON",
    "Java Properties",
    "Javadoc",
    "Known Hosts",
    "LICENSE",
    "LaTeX Log",
    "Log",
    "Make Output",
    "Manpage",
    "Markdown",
    "MediaWiki",
    "MediawikerPanel",
    "MemInfo",
    "MultiMarkdown",
    "Private Key",
    "R Console",
    "Rd",
    "Requirements.txt",
    "SVG",
    "Strace",
    "TOML",
    "TSV",
    "Textile",
    "Todo.txt",
    "VimHelp",
    "XML",
    "YAML",
    "reStructuredText",
];
const OTHER_FAMILIES: &[&str] = &["Git ", "SSH", "Regular Expression", "Navigational Bar "];
const OTHER_ENDS: &[&str] = &[" Build Results"];

/// What a grammar's language is called: without the dialect, as in `HTML (Rails)` and `JavaScript (Babel)`.
pub(super) fn known_name(grammar: &str) -> &str {
    let known = KNOWN_AS.iter().find(|(name, _)| *name == grammar).map(|(_, known)| *known);
    known.unwrap_or_else(|| grammar.split(" (").next().unwrap_or(grammar))
}

/// Whether programs, pages or queries are written in the language of this name.
pub(super) fn is_program(name: &str) -> bool {
    !OTHERS.contains(&name)
        && !OTHER_FAMILIES.iter().any(|family| name.starts_with(family))
        && !OTHER_ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use crate::highlight::Language;

    #[test]
    fn languages_have_the_names_that_people_know() {
        let name = |file| Language::of_file(file, "").map(Language::name);
        for (file, language) in [
            ("a.js", "JavaScript"),
            ("a.jsx", "JavaScript"),
            ("a.tsx", "TypeScript"),
            ("a.sh", "Shell"),
            ("a.html", "HTML"),
            ("a.gd", "GDScript"),
            ("Dockerfile", "Dockerfile"),
            ("a.csv", "CSV"),
        ] {
            assert_eq!(name(file), Some(language), "{file}");
        }
        let brackets = Language::all().map(Language::name).filter(|name| name.contains('('));
        assert_eq!(brackets.collect::<Vec<_>>(), Vec::<&str>::new());
    }

    #[test]
    fn only_programs_count() {
        let is_program = |file| Language::of_file(file, "").is_some_and(Language::is_program);
        for file in ["a.py", "a.rs", "a.js", "a.sql", "a.css", "Makefile", "a.ipynb.py", "main.tf"] {
            assert!(is_program(file), "{file}");
        }
        for file in
            [".gitattributes", ".gitignore", "a.md", "a.json", "a.csv", "requirements.txt", "go.sum", ".env"]
        {
            assert!(!is_program(file), "{file}");
        }
    }
}
