//! Searching the files of one repository. Gitea has no such route.

use axum::{
    Json,
    extract::{Query, State},
};
use hearth_app::{
    App, code,
    code::{CodeSearch, FoundCode},
};
use hearth_git::{GrepFile, GrepLine, GrepManner};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    at::InRepository,
    error::ApiResult,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table.get(
        "/repos/{owner}/{repo}/search",
        search,
        describe("Search the files of one revision, as git grep does")
            .response::<CodeSearchResult>()
            .query("q", "the words, or the regular expression")
            .query("ref", "a branch, a tag or a commit; the default branch if it is left out")
            .query("path", "only below these folders, files or patterns, separated by blanks")
            .query("case", "`true`: upper and lower case differ")
            .query("word", "`true`: only whole words")
            .query("regex", "`true`: `q` is a regular expression"),
    )
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    #[serde(rename = "ref")]
    revision: Option<String>,
    path: String,
    case: bool,
    word: bool,
    regex: bool,
}

/// What was found, in the order of paths.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeSearchResult {
    /// The commit that was searched.
    sha: String,
    files: Vec<CodeSearchFile>,
    /// How many files were searched.
    searched: usize,
    /// Whether there are more matches than are listed.
    has_more: bool,
    /// Whether some files were not searched, because there are too many.
    is_partial: bool,
    /// Files that were passed over because they are not text, and because they are too large.
    skipped_binary: usize,
    skipped_large: usize,
}

/// A file with matching lines.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeSearchFile {
    path: String,
    sha: String,
    lines: Vec<CodeSearchLine>,
    has_more: bool,
}

/// A matching line.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CodeSearchLine {
    number: u32,
    text: String,
    /// Where the matches are in the text: first byte, and the one after the last.
    matches: Vec<[usize; 2]>,
    /// Whether the end of the line is missing.
    is_cut: bool,
}

impl CodeSearchResult {
    fn new(found: FoundCode) -> Self {
        let grep = found.grep;
        Self {
            sha: found.place.commit.to_string(),
            files: grep.files.into_iter().map(CodeSearchFile::new).collect(),
            searched: grep.searched,
            has_more: grep.has_more,
            is_partial: grep.left_out.is_some(),
            skipped_binary: grep.binary,
            skipped_large: grep.too_large,
        }
    }
}

impl CodeSearchFile {
    fn new(file: GrepFile) -> Self {
        let line = |line: GrepLine| CodeSearchLine {
            number: line.number,
            matches: line.marks.into_iter().map(|mark| [mark.start, mark.end]).collect(),
            text: line.text,
            is_cut: line.is_cut,
        };
        Self {
            path: file.path,
            sha: file.id.to_string(),
            lines: file.lines.into_iter().map(line).collect(),
            has_more: file.has_more,
        }
    }
}

async fn search(
    State(app): State<App>,
    InRepository(access): InRepository,
    Query(asked): Query<Asked>,
) -> ApiResult<Json<CodeSearchResult>> {
    let wanted = CodeSearch {
        pattern: asked.q,
        manner: GrepManner { is_regex: asked.regex, ignores_case: !asked.case, is_word: asked.word },
        paths: asked.path.split_whitespace().map(str::to_owned).collect(),
        revision: asked.revision,
    };
    Ok(Json(CodeSearchResult::new(code::search(&app, &access, &wanted).await?)))
}
