//! The changed files as a tree of folders, drawn as lines with a depth.

/// A changed file in the tree.
pub struct TreeFile {
    pub path: String,
    /// One sign for what happened to it.
    pub sign: &'static str,
    /// Where its changes are: on this page, or on one of their own.
    pub address: String,
    /// Whether the reader has ticked it as viewed.
    pub is_viewed: bool,
    /// How many discussions it has.
    pub threads: u64,
}

impl TreeFile {
    pub const fn has_threads(&self) -> bool {
        self.threads > 0
    }
}

/// A folder or a file of the tree.
pub struct TreeLine {
    /// How many folders it is in.
    pub depth: usize,
    /// A folder's path below the folder before it, or a file's name.
    pub name: String,
    /// The file's place among the files. None: it is a folder.
    pub file: Option<usize>,
}

/// The deepest level that is indented: a narrow column has no room for more.
const DEEPEST: usize = 6;

/// The lines of the tree. The files are sorted by path; folders with a single folder in them are one line.
pub fn tree(files: &[TreeFile]) -> Vec<TreeLine> {
    let paths: Vec<(usize, Vec<&str>)> =
        files.iter().enumerate().map(|(place, file)| (place, file.path.split('/').collect())).collect();
    let mut lines = Vec::new();
    branch(&paths, 0, 0, &mut lines);
    lines
}

/// Adds what is below a folder: `paths` share their first `skipped` parts.
fn branch(paths: &[(usize, Vec<&str>)], skipped: usize, depth: usize, lines: &mut Vec<TreeLine>) {
    let mut rest = paths;
    while let Some((place, parts)) = rest.first() {
        let shown_depth = depth.min(DEEPEST);
        if parts.len() == skipped + 1 {
            lines.push(TreeLine { depth: shown_depth, name: parts[skipped].to_owned(), file: Some(*place) });
            rest = &rest[1..];
            continue;
        }
        let shares =
            |other: &[&str], length: usize| other.len() > length && other[..length] == parts[..length];
        let inside = rest.iter().take_while(|(_, other)| shares(other, skipped + 1)).count();
        let inside = &rest[..inside];
        let mut end = skipped + 1;
        while parts.len() > end + 1 && inside.iter().all(|(_, other)| shares(other, end + 1)) {
            end += 1;
        }
        lines.push(TreeLine { depth: shown_depth, name: parts[skipped..end].join("/"), file: None });
        branch(inside, end, depth + 1, lines);
        rest = &rest[inside.len()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(paths: &[&str]) -> Vec<String> {
        let file = |path: &&str| TreeFile {
            path: (*path).to_owned(),
            sign: "•",
            address: String::new(),
            is_viewed: false,
            threads: 0,
        };
        let files: Vec<TreeFile> = paths.iter().map(file).collect();
        let line = |line: TreeLine| format!("{}{}", "  ".repeat(line.depth), line.name);
        tree(&files).into_iter().map(line).collect()
    }

    #[test]
    fn folders_hold_their_files_and_single_folders_are_one_line() {
        assert_eq!(
            shown(&[
                "README.md",
                "src/app/core/a.rs",
                "src/app/core/b.rs",
                "src/app/web.rs",
                "tests/it/x/y.rs"
            ]),
            ["README.md", "src/app", "  core", "    a.rs", "    b.rs", "  web.rs", "tests/it/x", "  y.rs"]
        );
        assert_eq!(shown(&[]), Vec::<String>::new());
    }
}
