//! Reads both catalogues, rejects keys that one of them lacks, and generates tables of them.

#![allow(clippy::disallowed_methods, reason = "tools read files of this tree")]

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use fluent::{FluentBundle, FluentResource};
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// The others are compared with the first one.
const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

struct Message {
    arguments: BTreeSet<String>,
    /// The complete text, for a message without arguments.
    text: String,
    place: String,
}

struct Catalogue {
    messages: BTreeMap<String, Message>,
    source: String,
}

fn main() {
    let locales = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo names the crate"))
        .join("../../templates/locales");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names the folder for generated files"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", locales.display());
    match generate(&locales) {
        Ok(code) => {
            fs::write(out.join("words.rs"), code).expect("the folder for generated files is writable");
        }
        Err(problems) => {
            for problem in &problems {
                println!("cargo::error={problem}");
            }
            std::process::exit(1);
        }
    }
}

/// The code of `words.rs`, or all errors in the catalogues.
fn generate(locales: &Path) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let catalogues: Vec<Catalogue> =
        LANGUAGES.iter().map(|language| read(&locales.join(language), language, &mut problems)).collect();
    compare(&catalogues[0], &catalogues[1], &mut problems);
    if problems.is_empty() { Ok(code(&catalogues)) } else { Err(problems) }
}

fn read(folder: &Path, language: &str, problems: &mut Vec<String>) -> Catalogue {
    let mut catalogue = Catalogue { messages: BTreeMap::new(), source: String::new() };
    for path in files(folder) {
        let source = fs::read_to_string(&path).expect("a catalogue is readable UTF-8");
        read_file(&path, &source, &mut catalogue, problems);
        catalogue.source.push_str(&source);
        catalogue.source.push('\n');
    }
    fill_texts(&mut catalogue, language, problems);
    catalogue
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the language is there");
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "ftl"));
    files.sort();
    files
}

fn read_file(path: &Path, source: &str, catalogue: &mut Catalogue, problems: &mut Vec<String>) {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let resource = match parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            problems.extend(errors.iter().map(|error| {
                let line = source[..error.pos.start].matches('\n').count() + 1;
                format!("{}:{line}: {error}", path.display())
            }));
            resource
        }
    };
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name.to_owned();
        if key != stem && !key.starts_with(&format!("{stem}-")) {
            problems
                .push(format!("{}: `{key}` belongs into the file that its name begins with", path.display()));
        }
        let Some(pattern) = &message.value else {
            problems.push(format!("{}: `{key}` says nothing", path.display()));
            continue;
        };
        let mut arguments = BTreeSet::new();
        collect(pattern, &mut arguments);
        let found = Message { arguments, text: String::new(), place: path.display().to_string() };
        if catalogue.messages.insert(key.clone(), found).is_some() {
            problems.push(format!("{}: `{key}` is there twice", path.display()));
        }
    }
}

fn collect(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, arguments);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, arguments: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, arguments),
        Expression::Select { selector, variants } => {
            collect_inline(selector, arguments);
            for variant in variants {
                collect(&variant.value, arguments);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, arguments),
        _ => {}
    }
}

fn fill_texts(catalogue: &mut Catalogue, language: &str, problems: &mut Vec<String>) {
    let language = language.parse().expect("the languages are well-formed");
    let mut bundle = FluentBundle::new(vec![language]);
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(catalogue.source.clone()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    // Duplicates were reported while reading.
    let _ = bundle.add_resource(resource);
    for (key, message) in &mut catalogue.messages {
        if !message.arguments.is_empty() {
            continue;
        }
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
        let mut errors = Vec::new();
        message.text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
        problems.extend(errors.iter().map(|error| format!("{}: `{key}`: {error}", message.place)));
    }
}

fn compare(first: &Catalogue, second: &Catalogue, problems: &mut Vec<String>) {
    for (left, right) in [(first, second), (second, first)] {
        for (key, message) in &left.messages {
            if !right.messages.contains_key(key) {
                problems.push(format!("`{key}` is in {} and missing in the other language", message.place));
            }
        }
    }
    for (key, message) in &first.messages {
        let Some(other) = second.messages.get(key) else { continue };
        if message.arguments != other.arguments {
            problems
                .push(format!("`{key}` has the arguments {:?} and {:?}", message.arguments, other.arguments));
        }
    }
}

fn code(catalogues: &[Catalogue]) -> String {
    let mut code = String::new();
    let messages = &catalogues[0].messages;
    let count = messages.len();
    let _ = writeln!(
        code,
        "pub(crate) static KEYS: [&str; {count}] = {:?};",
        messages.keys().collect::<Vec<_>>()
    );
    let _ = writeln!(code, "pub(crate) static ARGUMENTS: [&[&str]; {count}] = [");
    for message in messages.values() {
        let _ = writeln!(code, "    &{:?},", message.arguments.iter().collect::<Vec<_>>());
    }
    let _ = writeln!(code, "];");
    let _ = writeln!(code, "pub(crate) static TEXTS: [[&str; {count}]; {}] = [", catalogues.len());
    for catalogue in catalogues {
        let _ = writeln!(
            code,
            "    {:?},",
            catalogue.messages.values().map(|message| &message.text).collect::<Vec<_>>()
        );
    }
    let _ = writeln!(code, "];");
    let sources: Vec<&str> = catalogues.iter().map(|catalogue| catalogue.source.as_str()).collect();
    let _ = writeln!(code, "pub(crate) static SOURCES: [&str; {}] = {sources:?};", catalogues.len());
    code
}
