//! Issues, their comments and labels, with Gitea's paths.

mod card;
mod comment;
mod label;

use crate::{
    table::{Table, does},
    v1::shape,
};

pub(crate) fn routes(table: Table) -> Table {
    labels(comments(issues(table)))
}

fn issues(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues",
            card::list,
            does("The issues of a repository")
                .lists::<shape::Issue>()
                .query("state", "`open` (what is meant when left out), `closed` or `all`")
                .query("labels", "names, separated by commas: issues that carry all of them")
                .query("q", "words of title or text, and filters as on the page")
                .query("created_by", "a name")
                .query("assigned_by", "a name")
                .query("mentioned_by", "a name")
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier")
                .query("sort", "`newest`, `oldest`, `recently-updated`, `most-commented`, …"),
        )
        .post(
            "/repos/{owner}/{repo}/issues",
            card::create,
            does("Opens an issue").takes::<card::CreateIssue>().gives::<shape::Issue>().with(201),
        )
        .get("/repos/{owner}/{repo}/issues/{index}", card::get, does("An issue").gives::<shape::Issue>())
        .patch(
            "/repos/{owner}/{repo}/issues/{index}",
            card::edit,
            does("Changes, closes or reopens an issue")
                .takes::<card::EditIssue>()
                .gives::<shape::Issue>()
                .with(201),
        )
        .get(
            "/repos/{owner}/{repo}/assignees",
            card::assignees,
            does("Who is offered for assigning").lists::<shape::User>(),
        )
}

fn comments(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/comments",
            comment::list_all,
            does("The comments of all issues")
                .lists::<shape::Comment>()
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/comments",
            comment::list,
            does("The comments of an issue")
                .lists::<shape::Comment>()
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier"),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/comments",
            comment::create,
            does("Comments on an issue").takes::<comment::CommentInput>().gives::<shape::Comment>().with(201),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}",
            comment::get,
            does("A comment").gives::<shape::Comment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/comments/{id}",
            comment::edit,
            does("Changes a comment").takes::<comment::CommentInput>().gives::<shape::Comment>(),
        )
        .delete("/repos/{owner}/{repo}/issues/comments/{id}", comment::delete, does("Deletes a comment"))
}

fn labels(table: Table) -> Table {
    table
        .get("/repos/{owner}/{repo}/labels", label::list, does("The labels").lists::<shape::Label>())
        .post(
            "/repos/{owner}/{repo}/labels",
            label::create,
            does("Makes a label").takes::<label::CreateLabel>().gives::<shape::Label>().with(201),
        )
        .get("/repos/{owner}/{repo}/labels/{id}", label::get, does("A label").gives::<shape::Label>())
        .patch(
            "/repos/{owner}/{repo}/labels/{id}",
            label::edit,
            does("Changes a label").takes::<label::EditLabel>().gives::<shape::Label>(),
        )
        .delete("/repos/{owner}/{repo}/labels/{id}", label::delete, does("Deletes a label"))
        .get(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::list_of_issue,
            does("The labels of an issue").lists::<shape::Label>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::add,
            does("Adds labels to an issue").takes::<label::LabelNames>().lists::<shape::Label>(),
        )
        .put(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::replace,
            does("Gives an issue exactly these labels").takes::<label::LabelNames>().lists::<shape::Label>(),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::clear,
            does("Takes all labels off an issue"),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/labels/{id}",
            label::remove,
            does("Takes a label off an issue"),
        )
}
