//! Bundles the style sheets, the scripts and the icons, and names each result by the hash of its content.

use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Writes the bundled files and `assets.rs`, which lists them.
pub(crate) fn generate(assets: &Path, out: &Path) {
    let mut code = String::new();
    let style = style(&assets.join("css"));
    let script = script(&assets.join("js"));
    publish(out, &mut code, "STYLE", "hearth", "css", "text/css; charset=utf-8", style.as_bytes());
    publish(out, &mut code, "SCRIPT", "hearth", "js", "text/javascript; charset=utf-8", script.as_bytes());
    let mark = fs::read(assets.join("icons/hearth.svg")).expect("the mark is there");
    publish(out, &mut code, "MARK", "hearth", "svg", "image/svg+xml", &mark);
    icons(&assets.join("icons"), &mut code);
    fs::write(out.join("assets.rs"), code).expect("the folder for generated files is writable");
}

fn publish(
    out: &Path,
    code: &mut String,
    constant: &str,
    name: &str,
    extension: &str,
    kind: &str,
    bytes: &[u8],
) {
    let hash = Sha256::digest(bytes);
    let hash = hash.iter().take(6).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let file = out.join(format!("{name}.{extension}"));
    fs::write(&file, bytes).expect("the folder for generated files is writable");
    let file = file.display().to_string();
    let _ = writeln!(
        code,
        "pub const {constant}: Asset = Asset {{ path: \"/assets/{name}.{hash}.{extension}\", kind: {kind:?}, bytes: include_bytes!({file:?}) }};"
    );
}

/// All style sheets, each in the cascade layer named by its folder, without comments or indentation.
fn style(css: &Path) -> String {
    let mut joined = String::from("@layer tokens,base,layout,components,pages;");
    for layer in ["tokens", "base", "layout", "components", "pages"] {
        let folder = css.join(layer);
        let sheets = match css.join(format!("{layer}.css")) {
            sheet if sheet.is_file() => vec![sheet],
            _ if folder.is_dir() => files(&folder, "css"),
            // A layer without style sheets has no folder: git keeps no empty folders.
            _ => Vec::new(),
        };
        let _ = write!(joined, "@layer {layer}{{");
        for sheet in sheets {
            joined.push_str(&short_style(&read(&sheet)));
        }
        joined.push('}');
    }
    joined
}

fn short_style(source: &str) -> String {
    let mut short = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(start) = rest.find("/*") {
        short.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    short.push_str(rest);
    short.lines().map(str::trim).filter(|line| !line.is_empty()).fold(String::new(), |mut joined, line| {
        // Where a declaration continues on the next line, the words need a space between them.
        if joined.ends_with(|last: char| !matches!(last, '{' | '}' | ';' | ',')) {
            joined.push(' ');
        }
        joined.push_str(line);
        joined
    })
}

/// Every script in its own block, so that names in one file are not visible in another; the files of a folder share
/// one.
fn script(js: &Path) -> String {
    let mut blocks: Vec<Vec<PathBuf>> = files(js, "js").into_iter().map(|file| vec![file]).collect();
    blocks.extend(folders(js).iter().map(|folder| files(folder, "js")));
    let mut joined = String::new();
    for block in blocks {
        joined.push_str("{\n");
        for line in block.iter().map(|file| read(file)).collect::<String>().lines() {
            let line = line.trim_start();
            if !line.is_empty() && !line.starts_with("//") {
                joined.push_str(line);
                joined.push('\n');
            }
        }
        joined.push_str("}\n");
    }
    joined
}

/// The content of each `<svg>`; the element around it is the same for all icons.
fn icons(folder: &Path, code: &mut String) {
    let icons: Vec<(String, String)> = files(folder, "svg")
        .iter()
        .map(|path| {
            let name =
                path.file_stem().and_then(|stem| stem.to_str()).expect("icons have plain names").to_owned();
            (name, inside(&read(path)))
        })
        .collect();
    let _ = writeln!(code, "pub(crate) const ICON_NAMES: [&str; {}] = [", icons.len());
    for (name, _) in &icons {
        let _ = writeln!(code, "    {name:?},");
    }
    let _ = writeln!(code, "];\npub(crate) static ICONS: [&str; {}] = [", icons.len());
    for (_, drawing) in &icons {
        let _ = writeln!(code, "    {drawing:?},");
    }
    let _ = writeln!(code, "];");
}

fn inside(svg: &str) -> String {
    let start = svg.find("<svg").and_then(|start| Some(start + svg[start..].find('>')? + 1));
    let end = svg.rfind("</svg>");
    let (Some(start), Some(end)) = (start, end) else { panic!("an icon is an <svg> element") };
    svg[start..end].lines().map(str::trim).collect()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of assets is there");
    let mut files: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of assets is there");
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
