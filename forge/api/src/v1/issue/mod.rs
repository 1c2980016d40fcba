//! Issues, their comments and labels, with Gitea's paths.

mod asset;
mod card;
mod comment;
mod label;
mod lock;
mod reaction;
mod subscription;

use crate::{
    table::{Table, does},
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

fn reactions(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::list_of_issue,
            does("The reactions to an issue").lists::<shape::Reaction>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::add_to_issue,
            does("Reacts to an issue").takes::<reaction::EditReaction>().gives::<shape::Reaction>().with(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::remove_from_issue,
            does("Takes a reaction to an issue back").takes::<reaction::EditReaction>().with(200),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::list_of_comment,
            does("The reactions to a comment").lists::<shape::Reaction>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::add_to_comment,
            does("Reacts to a comment")
                .takes::<reaction::EditReaction>()
                .gives::<shape::Reaction>()
                .with(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::remove_from_comment,
            does("Takes a reaction to a comment back").takes::<reaction::EditReaction>().with(200),
        )
}

fn following(table: Table) -> Table {
    table
        .put(
            "/repos/{owner}/{repo}/issues/{index}/lock",
            lock::put,
            does("Leaves commenting to those who can write").takes::<lock::LockIssue>(),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/lock",
            lock::delete,
            does("Lets everybody comment again who can read"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions",
            subscription::list,
            does("Who follows an issue").lists::<shape::User>(),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/check",
            subscription::check,
            does("Whether the caller follows an issue").gives::<subscription::WatchInfo>(),
        )
        .put(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
            subscription::put,
            does("Lets the caller follow an issue; 200 when they did already").with(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
            subscription::delete,
            does("Lets the caller hear no more of an issue; 200 when they did not").with(201),
        )
}

fn assets(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/{index}/assets",
            asset::list_of_issue,
            does("The files of an issue").gives::<Vec<shape::Attachment>>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/assets",
            asset::create_in_issue,
            does("Puts a file into an issue: the field `attachment` of `multipart/form-data`")
                .gives::<shape::Attachment>()
                .with(201)
                .query("name", "what the file is to be called"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::get_of_issue,
            does("A file of an issue").gives::<shape::Attachment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::edit_of_issue,
            does("Renames a file of an issue")
                .takes::<asset::EditAttachment>()
                .gives::<shape::Attachment>()
                .with(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::delete_of_issue,
            does("Takes a file out of an issue"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets",
            asset::list_of_comment,
            does("The files of a comment").gives::<Vec<shape::Attachment>>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets",
            asset::create_in_comment,
            does("Puts a file into a comment: the field `attachment` of `multipart/form-data`")
                .gives::<shape::Attachment>()
                .with(201)
                .query("name", "what the file is to be called"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::get_of_comment,
            does("A file of a comment").gives::<shape::Attachment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::edit_of_comment,
            does("Renames a file of a comment")
                .takes::<asset::EditAttachment>()
                .gives::<shape::Attachment>()
                .with(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::delete_of_comment,
            does("Takes a file out of a comment"),
        )
}
