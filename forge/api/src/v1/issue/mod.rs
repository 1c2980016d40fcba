//! Issues, their comments and labels, with Gitea's paths.

mod any;
mod asset;
mod card;
mod comment;
mod dependency;
pub(crate) mod label;
mod lock;
mod pin;
mod reaction;
mod search;
mod subscription;
mod template;
mod timeline;

use crate::{
    table::{Table, describe},
    v1::shape,
};

pub(crate) fn routes(table: Table) -> Table {
    template::routes(pin::routes(dependency::routes(assets(following(reactions(labels(comments(issues(
        table,
    )))))))))
}

fn issues(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues",
            card::list,
            describe("List the issues of a repository")
                .list_response::<shape::Issue>()
                .query("state", "`open` (what is meant when left out), `closed` or `all`")
                .query("type", "`issues` (what is meant when left out) or `pulls`")
                .query("labels", "names or ids, separated by commas: issues that carry all of them")
                .query("milestones", "the id or the title of a milestone")
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
            describe("Create an issue").request::<card::CreateIssue>().response::<shape::Issue>().status(201),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}",
            card::get,
            describe("Get an issue").response::<shape::Issue>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/{index}",
            card::edit,
            describe("Edit, close or reopen an issue")
                .request::<card::EditIssue>()
                .response::<shape::Issue>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}",
            card::delete,
            describe("Delete an issue with everything in it, as an administrator of the repository"),
        )
        .get(
            "/repos/issues/search",
            search::search,
            describe("Search issues or pull requests in all repositories that you can read")
                .list_response::<shape::Issue>()
                .query("state", "`open` (what is meant when left out), `closed` or `all`")
                .query("type", "`issues` (what is meant when left out) or `pulls`")
                .query("q", "words of title or text")
                .query("created", "opened by you")
                .query("assigned", "assigned to you")
                .query("mentioned", "mentions you")
                .query("review_requested", "your review is requested"),
        )
        .get(
            "/repos/{owner}/{repo}/assignees",
            card::assignees,
            describe("List the users that work on issues").list_response::<shape::User>(),
        )
        .get(
            "/repos/{owner}/{repo}/reviewers",
            card::reviewers,
            describe("List the users that can be asked for a review").list_response::<shape::User>(),
        )
}

fn comments(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/comments",
            comment::list_all,
            describe("List the comments of all issues")
                .list_response::<shape::Comment>()
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/comments",
            comment::list,
            describe("List the comments of an issue")
                .list_response::<shape::Comment>()
                .query("since", "changed at this time or later")
                .query("before", "changed at this time or earlier"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/timeline",
            timeline::list,
            describe("List the comments of an issue and what happened between them, oldest first")
                .list_response::<timeline::TimelineEntry>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/comments",
            comment::create,
            describe("Comment on an issue")
                .request::<comment::CommentInput>()
                .response::<shape::Comment>()
                .status(201),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}",
            comment::get,
            describe("Get a comment").response::<shape::Comment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/comments/{id}",
            comment::edit,
            describe("Edit a comment").request::<comment::CommentInput>().response::<shape::Comment>(),
        )
        .delete("/repos/{owner}/{repo}/issues/comments/{id}", comment::delete, describe("Delete a comment"))
}

fn labels(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/labels",
            label::list,
            describe("List labels").list_response::<shape::Label>(),
        )
        .post(
            "/repos/{owner}/{repo}/labels",
            label::create,
            describe("Create a label").request::<label::CreateLabel>().response::<shape::Label>().status(201),
        )
        .get(
            "/repos/{owner}/{repo}/labels/{id}",
            label::get,
            describe("Get a label").response::<shape::Label>(),
        )
        .patch(
            "/repos/{owner}/{repo}/labels/{id}",
            label::edit,
            describe("Update a label").request::<label::EditLabel>().response::<shape::Label>(),
        )
        .delete("/repos/{owner}/{repo}/labels/{id}", label::delete, describe("Delete a label"))
        .get(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::list_of_issue,
            describe("List the labels of an issue").list_response::<shape::Label>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::add,
            describe("Add labels to an issue").request::<label::LabelNames>().list_response::<shape::Label>(),
        )
        .put(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::replace,
            describe("Replace the labels of an issue")
                .request::<label::LabelNames>()
                .list_response::<shape::Label>(),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/labels",
            label::clear,
            describe("Remove all labels from an issue"),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/labels/{id}",
            label::remove,
            describe("Remove a label from an issue"),
        )
}

fn reactions(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::list_of_issue,
            describe("List the reactions to an issue").list_response::<shape::Reaction>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::add_to_issue,
            describe("React to an issue")
                .request::<reaction::EditReaction>()
                .response::<shape::Reaction>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/reactions",
            reaction::remove_from_issue,
            describe("Remove a reaction to an issue").request::<reaction::EditReaction>().status(200),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::list_of_comment,
            describe("List the reactions to a comment").list_response::<shape::Reaction>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::add_to_comment,
            describe("React to a comment")
                .request::<reaction::EditReaction>()
                .response::<shape::Reaction>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/comments/{id}/reactions",
            reaction::remove_from_comment,
            describe("Remove a reaction to a comment").request::<reaction::EditReaction>().status(200),
        )
}

fn following(table: Table) -> Table {
    table
        .put(
            "/repos/{owner}/{repo}/issues/{index}/lock",
            lock::put,
            describe("Lock an issue: only people with write access can comment").request::<lock::LockIssue>(),
        )
        .delete("/repos/{owner}/{repo}/issues/{index}/lock", lock::delete, describe("Unlock an issue"))
        .get(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions",
            subscription::list,
            describe("List the subscribers of an issue").list_response::<shape::User>(),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/check",
            subscription::check,
            describe("Check whether you are subscribed to an issue").response::<subscription::WatchInfo>(),
        )
        .put(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
            subscription::put,
            describe("Subscribe to an issue. 200 if already subscribed").status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/subscriptions/{user}",
            subscription::delete,
            describe("Unsubscribe from an issue. 200 if not subscribed").status(201),
        )
}

fn assets(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issues/{index}/assets",
            asset::list_of_issue,
            describe("List the attachments of an issue").response::<Vec<shape::Attachment>>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/{index}/assets",
            asset::create_in_issue,
            describe("Attach a file to an issue: the field `attachment` of `multipart/form-data`")
                .response::<shape::Attachment>()
                .status(201)
                .query("name", "what the file is to be called"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::get_of_issue,
            describe("Get an attachment of an issue").response::<shape::Attachment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::edit_of_issue,
            describe("Rename an attachment of an issue")
                .request::<asset::EditAttachment>()
                .response::<shape::Attachment>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/{index}/assets/{attachment_id}",
            asset::delete_of_issue,
            describe("Delete an attachment of an issue"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets",
            asset::list_of_comment,
            describe("List the attachments of a comment").response::<Vec<shape::Attachment>>(),
        )
        .post(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets",
            asset::create_in_comment,
            describe("Attach a file to a comment: the field `attachment` of `multipart/form-data`")
                .response::<shape::Attachment>()
                .status(201)
                .query("name", "what the file is to be called"),
        )
        .get(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::get_of_comment,
            describe("Get an attachment of a comment").response::<shape::Attachment>(),
        )
        .patch(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::edit_of_comment,
            describe("Rename an attachment of a comment")
                .request::<asset::EditAttachment>()
                .response::<shape::Attachment>()
                .status(201),
        )
        .delete(
            "/repos/{owner}/{repo}/issues/comments/{id}/assets/{attachment_id}",
            asset::delete_of_comment,
            describe("Delete an attachment of a comment"),
        )
}
