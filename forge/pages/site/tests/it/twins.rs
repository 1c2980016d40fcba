//! A page is one path: handler, template and test have the same name, and its words begin with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Pages that the frame draws, `forge/web`.
const DRAWN_BY_THE_FRAME: [&str; 4] = ["confirm", "error", "error_in_organization", "error_in_repository"];
/// The crates of pages, beside this one.
const CRATES: [&str; 3] = ["compute", "repository", "site"];

#[test]
fn every_page_has_its_twin() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let templates = names(&root.join("../../../templates/pages"), "html");
    let sources = |of: &str| root.join("..").join(of).join("src");
    let handlers: BTreeMap<String, PathBuf> = CRATES
        .iter()
        .flat_map(|of| {
            names(&sources(of), "rs").into_iter().map(|page| {
                let file = sources(of).join(format!("{page}.rs"));
                (page, file)
            })
        })
        .collect();
    let tests = names(&root.join("tests/it"), "rs");
    let mut problems = Vec::new();
    for page in templates.iter().filter(|page| !DRAWN_BY_THE_FRAME.contains(&page.as_str())) {
        if !handlers.contains_key(page) {
            problems.push(format!("templates/pages/{page}.html has no forge/pages/*/src/{page}.rs"));
        }
        if !tests.contains(page) {
            problems.push(format!("templates/pages/{page}.html has no forge/pages/site/tests/it/{page}.rs"));
        }
    }
    for (page, file) in &handlers {
        let source = fs::read_to_string(file).expect("UTF-8");
        for template in source.split("path = \"pages/").skip(1).filter_map(|rest| rest.split_once(".html")) {
            if template.0 != page {
                problems.push(format!("{} draws templates/pages/{}.html", file.display(), template.0));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// `repo/issues/new` for every file below, without `mod.rs`.
fn names(folder: &Path, extension: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    collect(folder, folder, extension, &mut names);
    names
}

fn collect(root: &Path, folder: &Path, extension: &str, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path: PathBuf = entry.expect("an entry").path();
        if path.is_dir() {
            collect(root, &path, extension, names);
        } else if path.extension().is_some_and(|found| found == extension)
            && path.file_stem().is_some_and(|stem| stem != "mod")
        {
            let name = path.strip_prefix(root).expect("below the root").with_extension("");
            names.insert(name.to_string_lossy().replace('\\', "/"));
        }
    }
}
