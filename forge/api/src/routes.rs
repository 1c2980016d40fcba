//! Every route of `/api/v1`. The paths are Gitea's.

use std::collections::BTreeMap;

use crate::{
    table::{Table, does},
    v1::{
        ai_task, branch, commit, commit_status, content, document, event, issue, raw, repository, shape, tag,
        task, user, version,
    },
};

const REVISION: &str = "a branch, a tag or a commit; the default branch when left out";

pub(crate) fn v1() -> Table {
    let table = Table::default().get(
        "/version",
        version::get,
        does("The version of the server").gives::<version::Version>(),
    );
    let table = event::routes(commit_status::routes(issue::routes(table)));
    user::routes(ai_task::routes(task::routes(history(files(repositories(table))))))
}

fn repositories(table: Table) -> Table {
    table
        .get(
            "/repos/search",
            repository::search,
            does("Repositories by a piece of their name or description")
                .gives::<repository::SearchResults>()
                .query("q", "what to look for")
                .query("sort", "`updated`, `created` or `alpha`")
                .query("private", "`true`: only private ones")
                .query("kind", "`code`, `dataset` or `model`"),
        )
        .post(
            "/user/repos",
            repository::create,
            does("Makes a repository of the caller")
                .takes::<repository::CreateRepository>()
                .gives::<shape::Repository>()
                .with(201),
        )
        .get(
            "/user/repos",
            repository::list_mine,
            does("The repositories that the caller owns or has a part in").lists::<shape::Repository>(),
        )
        .get(
            "/users/{username}/repos",
            repository::list_of_user,
            does("The repositories of a person").lists::<shape::Repository>(),
        )
        .get("/repos/{owner}/{repo}", repository::get, does("A repository").gives::<shape::Repository>())
        .patch(
            "/repos/{owner}/{repo}",
            repository::edit,
            does("Changes or renames a repository")
                .takes::<repository::EditRepository>()
                .gives::<shape::Repository>(),
        )
        .delete("/repos/{owner}/{repo}", repository::delete, does("Deletes a repository"))
        .get(
            "/repos/{owner}/{repo}/languages",
            repository::languages,
            does("Bytes of each programming language").gives::<BTreeMap<String, u64>>(),
        )
}

fn files(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/contents",
            content::get_root,
            does("The entries of the root folder").lists::<shape::Content>().query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/contents/",
            content::get_root,
            does("The same").lists::<shape::Content>().query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/contents/{*path}",
            content::get,
            does("A file with its content, or the entries of a folder")
                .gives::<shape::Content>()
                .query("ref", REVISION),
        )
        .post(
            "/repos/{owner}/{repo}/contents/{*path}",
            content::create,
            does("Makes a file").takes::<content::ChangeFile>().gives::<shape::FileChanged>().with(201),
        )
        .put(
            "/repos/{owner}/{repo}/contents/{*path}",
            content::update,
            does("Changes a file").takes::<content::ChangeFile>().gives::<shape::FileChanged>(),
        )
        .delete(
            "/repos/{owner}/{repo}/contents/{*path}",
            content::delete,
            does("Deletes a file").takes::<content::ChangeFile>().gives::<shape::FileChanged>(),
        )
        .get(
            "/repos/{owner}/{repo}/raw/{*path}",
            raw::get,
            does("The bytes of a file").gives_bytes().query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/media/{*path}",
            raw::media,
            does("The bytes of a file, large ones in the place of their pointers")
                .gives_bytes()
                .query("ref", REVISION),
        )
        .get(
            "/repos/{owner}/{repo}/archive/{*archive}",
            raw::archive,
            does("All files of a commit: `main.zip`, `v1.0.tar.gz`").gives_bytes(),
        )
}

fn history(table: Table) -> Table {
    table
        .get("/repos/{owner}/{repo}/branches", branch::list, does("The branches").lists::<shape::Branch>())
        .post(
            "/repos/{owner}/{repo}/branches",
            branch::create,
            does("Makes a branch").takes::<branch::CreateBranch>().gives::<shape::Branch>().with(201),
        )
        .get(
            "/repos/{owner}/{repo}/branches/{*branch}",
            branch::get,
            does("A branch").gives::<shape::Branch>(),
        )
        .delete("/repos/{owner}/{repo}/branches/{*branch}", branch::delete, does("Deletes a branch"))
        .get("/repos/{owner}/{repo}/tags", tag::list, does("The tags").lists::<shape::Tag>())
        .get("/repos/{owner}/{repo}/tags/{*tag}", tag::get, does("A tag").gives::<shape::Tag>())
        .get(
            "/repos/{owner}/{repo}/commits",
            commit::list,
            does("Commits, the newest first")
                .lists::<shape::Commit>()
                .query("sha", REVISION)
                .query("path", "only commits that changed this path"),
        )
        .get(
            "/repos/{owner}/{repo}/git/commits/{sha}",
            commit::get,
            does("A commit").gives::<shape::Commit>(),
        )
}

/// What is served beside the table and describes it.
pub(crate) const DOCUMENT: &str = "/openapi.json";

pub(crate) use document::get as serve_document;
