//! Issues, their comments and labels, with Gitea's paths.

mod asset;
mod card;
mod comment;
mod label;
mod lock;
mod reaction;
mod subscription;

use crate::{
    table::{Table, describe},
    v1::shape,
};

pub(crate) fn routes(table: Table) -> Table {
    assets(following(reactions(labels(comments(issues(table))))))
}

fn issues(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues",
            card::list,
            describe("The issues of a repository")
                .list_response::<shape::Issue>()
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
            describe("Opens an issue").request::<card::CreateIssue>().response::<shape::Issue>().status(201),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}",
            card::get,
            describe("An issue").response::<shape::Issue>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/{index}",
            card::edit,
            describe("Changes, closes or reopens an issue")
                .request::<card::EditIssue>()
                .response::<shape::Issue>()
                .status(201),
        )
        .get(
            "/repos/{owner}/{repo}/assignees",
            card::assignees,
            describe("Who is offered for assigning").list_response::<shape::User>(),
        )
}

fn comments(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/comments",
            comment::list_all,
            describe("The comments of all issues")
                .list_response::<shape::Comment>()
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/comments",
            comment::list,
            describe("The comments of an issue")
                .list_response::<shape::Comment>()
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier"),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/comments",
            comment::create,
            describe("Comments on an issue")
                .request::<comment::CommentInput>()
                .response::<shape::Comment>()
                .status(201),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}",
            comment::get,
            describe("A comment").response::<shape::Comment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/comments/{id}",
            comment::edit,
            describe("Changes a comment").request::<comment::CommentInput>().response::<shape::Comment>(),
        )
        .delete("/repos/{owner}/{repo}/issues/comments/{id}", comment::delete, describe("Deletes a comment"))
}

fn labels(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/labels",
            label::list,
            describe("The labels").list_response::<shape::Label>(),
        )
        .post(
            "/repos/{owner}/{repo}/labels",
            label::create,
            describe("Makes a label").request::<label::CreateLabel>().response::<shape::Label>().status(201),
        )
        .get("/repos/{owner}/{repo}/labels/{id}", label::get, describe("A label").response::<shape::Label>())
        .patch(
            "/repos/{owner}/{repo}/labels/{id}",
            label::edit,
            describe("Changes a label").request::<label::EditLabel>().response::<shape::Label>(),
        )
        .delete("/repos/{owner}/{repo}/labels/{id}", label::delete, describe("Deletes a label"))
        .get(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::list_of_issue,
            describe("The labels of an issue").list_response::<shape::Label>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::add,
            describe("Adds labels to an issue")
                .request::<label::LabelNames>()
                .list_response::<shape::Label>(),
        )
        .put(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::replace,
            describe("Gives an issue exactly these labels")
                .request::<label::LabelNames>()
                .list_response::<shape::Label>(),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::clear,
            describe("Takes all labels off an issue"),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/labels/{id}",
            label::remove,
            describe("Takes a label off an issue"),
        )
}

fn reactions(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::list_of_issue,
            describe("The reactions to an issue").list_response::<shape::Reaction>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::add_to_issue,
            describe("Reacts to an issue")
                .request::<reaction::EditReaction>()
                .response::<shape::Reaction>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::remove_from_issue,
            describe("Takes a reaction to an issue back").request::<reaction::EditReaction>().status(200),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::list_of_comment,
            describe("The reactions to a comment").list_response::<shape::Reaction>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::add_to_comment,
            describe("Reacts to a comment")
                .request::<reaction::EditReaction>()
                .response::<shape::Reaction>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::remove_from_comment,
            describe("Takes a reaction to a comment back").request::<reaction::EditReaction>().status(200),
        )
}

fn following(table: Table) -> Table {
    table
        .put(
            "/repos/{owner}/{repo}/issues/{index}/lock",
            lock::put,
            describe("Leaves commenting to those who can write").request::<lock::LockIssue>(),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/lock",
            lock::delete,
            describe("Lets everybody comment again who can read"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions",
            subscription::list,
            describe("Who follows an issue").list_response::<shape::User>(),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/check",
            subscription::check,
            describe("Whether the caller follows an issue").response::<subscription::WatchInfo>(),
        )
        .put(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
            subscription::put,
            describe("Lets the caller follow an issue; 200 when they did already").status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
            subscription::delete,
            describe("Lets the caller hear no more of an issue; 200 when they did not").status(201),
        )
}

fn assets(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/{index}/assets",
            asset::list_of_issue,
            describe("The files of an issue").response::<Vec<shape::Attachment>>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/assets",
            asset::create_in_issue,
            describe("Puts a file into an issue: the field `attachment` of `multipart/form-data`")
                .response::<shape::Attachment>()
                .status(201)
                .query("name", "what the file is to be called"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::get_of_issue,
            describe("A file of an issue").response::<shape::Attachment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::edit_of_issue,
            describe("Renames a file of an issue")
                .request::<asset::EditAttachment>()
                .response::<shape::Attachment>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::delete_of_issue,
            describe("Takes a file out of an issue"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets",
            asset::list_of_comment,
            describe("The files of a comment").response::<Vec<shape::Attachment>>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets",
            asset::create_in_comment,
            describe("Puts a file into a comment: the field `attachment` of `multipart/form-data`")
                .response::<shape::Attachment>()
                .status(201)
                .query("name", "what the file is to be called"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::get_of_comment,
            describe("A file of a comment").response::<shape::Attachment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::edit_of_comment,
            describe("Renames a file of a comment")
                .request::<asset::EditAttachment>()
                .response::<shape::Attachment>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::delete_of_comment,
            describe("Takes a file out of a comment"),
        )
}
