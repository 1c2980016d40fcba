//! What is shown of changed files that are more than lines: pictures, large files, other repositories, notebooks.

use askama::Template;
use hearth_app::{
    code::{DrawnFile, is_submodule},
    lfs::Pointer,
};
use hearth_core::{Error, urls::Revision};
use hearth_git::{FileDiff, LineKind, ObjectId};

use super::{file::Sides, notebook};
use crate::{
    Page,
    submodule::repository_page,
    words::{self, Html},
};

/// The endings of pictures that browsers show.
const PICTURES: [&str; 9] = ["avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp"];

/// Something else than lines.
pub(super) struct Content {
    pub(super) html: Html,
    /// Whether the lines tell nothing more.
    pub(super) replaces_lines: bool,
}

/// Pictures before and after, and their sizes in words.
#[derive(Template)]
#[template(path = "components/diff_pictures.html")]
struct Pictures<'a> {
    page: &'a Page,
    old: Option<Picture>,
    new: Option<Picture>,
}

struct Picture {
    address: String,
    /// Empty where it is not known.
    size: String,
}

/// What is shown besides lines, if there is anything.
pub(super) fn draw(page: &Page, sides: &Sides<'_>, drawn: &DrawnFile) -> Option<Content> {
    let file = &drawn.file;
    if is_submodule(file) {
        let html = submodule(page, sides, file, drawn.facts.submodule.as_deref());
        return Some(Content { html, replaces_lines: true });
    }
    let pointers = pointers(file);
    if is_picture(file.path())
        && (file.is_binary
            || pointers.is_some()
            || std::path::Path::new(file.path()).extension().is_some_and(|extension| extension == "svg"))
    {
        let html = pictures(page, sides, drawn, pointers.is_some()).ok()?;
        return Some(Content { html, replaces_lines: file.is_binary || pointers.is_some() });
    }
    if pointers.is_some() {
        let html = Html::trusted(format!("<p class=\"diff-note\">{}</p>", t!(page, "repo-commit-lfs")));
        return Some(Content { html, replaces_lines: true });
    }
    let cells = drawn.cells.as_ref()?;
    notebook::draw(page, cells).ok().map(|html| Content { html, replaces_lines: true })
}

/// What changed besides lines, in words.
pub(super) fn facts(page: &Page, drawn: &DrawnFile) -> Vec<String> {
    let (file, known) = (&drawn.file, &drawn.facts);
    let mut facts = Vec::new();
    if let Some(percent) = known.similarity.filter(|percent| *percent < 100) {
        facts.push(t!(page, "repo-commit-similar", percent = percent));
    }
    if file.old_mode != file.new_mode && file.old_mode != 0 && file.new_mode != 0 {
        let mode = |mode: u32| format!("{mode:o}");
        facts.push(t!(page, "repo-commit-mode", old = mode(file.old_mode), new = mode(file.new_mode)));
    }
    let (old, new) = match pointers(file) {
        Some((old, new)) => (old.map(|old| old.size_bytes), new.map(|new| new.size_bytes)),
        None => (known.old_bytes, known.new_bytes),
    };
    match (old, new) {
        (Some(old), Some(new)) if old != new => {
            facts.push(t!(page, "repo-commit-sizes", old = words::bytes(old), new = words::bytes(new)));
        }
        (Some(size), _) | (None, Some(size)) => facts.push(words::bytes(size)),
        (None, None) => {}
    }
    facts
}

fn is_picture(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| PICTURES.contains(&ending.as_str()))
}

/// The pointers to large files on both sides, if every side that exists is one. A pointer has three lines, so the
/// lines around a change are all of it.
fn pointers(file: &FileDiff) -> Option<(Option<Pointer>, Option<Pointer>)> {
    let side = |id: Option<ObjectId>, other: LineKind| match id {
        None => Some(None),
        Some(_) => Pointer::parse(text_without(file, other).as_bytes()).map(Some),
    };
    let [_] = file.hunks.as_slice() else { return None };
    let (old, new) = (side(file.old_id, LineKind::Added)?, side(file.new_id, LineKind::Deleted)?);
    Some((old, new)).filter(|(old, new)| old.is_some() || new.is_some())
}

/// The lines of one side: all but those that only the other side has.
fn text_without(file: &FileDiff, other: LineKind) -> String {
    let lines = file.hunks.iter().flat_map(|hunk| &hunk.lines).take(10);
    let shown = lines.filter(|line| line.kind != other && line.kind != LineKind::NoNewline);
    shown.fold(String::new(), |text, line| text + &line.text + "\n")
}

fn pictures(page: &Page, sides: &Sides<'_>, drawn: &DrawnFile, is_large: bool) -> Result<Html, Error> {
    let (file, known) = (&drawn.file, &drawn.facts);
    let picture = |commit: Option<&String>, path: Option<&String>, bytes: Option<u64>| {
        let (commit, path) = commit.zip(path)?;
        let at = Revision::Commit(commit.clone());
        let address = if is_large { sides.urls.media(&at, path) } else { sides.urls.raw(&at, path) };
        Some(Picture { address, size: bytes.map(words::bytes).unwrap_or_default() })
    };
    let drawn = Pictures {
        page,
        old: picture(sides.old.as_ref(), file.old_path.as_ref(), known.old_bytes),
        new: picture(Some(&sides.new), file.new_path.as_ref(), known.new_bytes),
    };
    Ok(Html::trusted(drawn.render().map_err(Error::internal)?))
}

/// The commits of another repository, with a link to it if it is on the web.
fn submodule(page: &Page, sides: &Sides<'_>, file: &FileDiff, address: Option<&str>) -> Html {
    let commit = |id: Option<ObjectId>| id.map(|id| Html::code(&id.short()));
    let sentence = match (commit(file.old_id), commit(file.new_id)) {
        (Some(old), Some(new)) => rich!(page, "repo-commit-submodule-moved", old = old, new = new),
        (None, Some(new)) => rich!(page, "repo-commit-submodule-added", commit = new),
        (Some(old), None) => rich!(page, "repo-commit-submodule-removed", commit = old),
        (None, None) => Html::default(),
    };
    let link = match address {
        Some(address) => match repository_page(sides.urls, address) {
            Some(home) => Html::link(&home, address),
            None => Html::code(address),
        },
        None => Html::default(),
    };
    Html::trusted(format!("<p class=\"diff-note\">{}{sentence} {link}</p>", icon!("submodule")))
}

#[cfg(test)]
mod tests {
    use hearth_git::{DiffLine, FileStatus, Hunk};

    use super::*;

    fn file(lines: &[(LineKind, &str)]) -> FileDiff {
        let line = |(kind, text): &(LineKind, &str)| DiffLine {
            kind: *kind,
            old_number: None,
            new_number: None,
            text: (*text).to_owned(),
        };
        let id = "0123456789012345678901234567890123456789".parse().ok();
        FileDiff {
            old_path: Some("model.bin".to_owned()),
            new_path: Some("model.bin".to_owned()),
            old_id: id,
            new_id: id,
            old_mode: 0o100_644,
            new_mode: 0o100_644,
            status: FileStatus::Modified,
            is_binary: false,
            additions: 0,
            deletions: 0,
            hunks: vec![Hunk { header: String::new(), lines: lines.iter().map(line).collect() }],
            is_truncated: false,
            patch_id: hearth_git::PatchId::default(),
        }
    }

    #[test]
    fn a_changed_pointer_tells_both_sizes() {
        let (one, other) =
            (format!("oid sha256:{}", "a".repeat(64)), format!("oid sha256:{}", "b".repeat(64)));
        let changed = file(&[
            (LineKind::Context, "version https://git-lfs.github.com/spec/v1"),
            (LineKind::Deleted, &one),
            (LineKind::Deleted, "size 10"),
            (LineKind::Added, &other),
            (LineKind::Added, "size 20"),
        ]);
        let (old, new) = pointers(&changed).expect("both sides are pointers");
        assert_eq!(old.map(|old| old.size_bytes), Some(10));
        assert_eq!(new.map(|new| new.size_bytes), Some(20));
        assert!(pointers(&file(&[(LineKind::Added, "version 2")])).is_none());
    }
}
