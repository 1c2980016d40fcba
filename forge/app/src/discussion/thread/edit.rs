use hearth_core::{
    CommentId, Conflict, Error, LabelId, Read, Result, SubscriptionReason, ThreadEventKind, ThreadNumber,
    Timestamp, UserId,
};
use hearth_store::{
    assignee, attachment::Place, comment as comment_row, comment::Comment, thread as row, thread_event,
    thread_reference::Source, thread_subscription,
};
use serde_json::json;

use super::{
    Act, Text, Thread, User, assign::readers, attachment, author_or_writer, event, participant, reference,
    subscription,
};
use crate::{Access, App, Operation};

/// A thread within the operation that changes it. Nothing is stored until the operation is committed.
#[derive(Debug)]
pub(crate) struct ThreadEdit {
    pub(crate) operation: Operation,
    pub(crate) thread: Thread,
    pub(crate) now: Timestamp,
}

impl ThreadEdit {
    pub(crate) async fn begin<Level>(
        app: &App,
        access: &Access<Level>,
        number: ThreadNumber,
    ) -> Result<Self> {
        let operation = app.begin().await?;
        Self::within(operation, access, number).await
    }

    /// The same within an operation that has already begun.
    pub(super) async fn within<Level>(
        mut operation: Operation,
        access: &Access<Level>,
        number: ThreadNumber,
    ) -> Result<Self> {
        let now = operation.now();
        let thread = super::find(&mut operation, access, number).await?;
        Ok(Self { operation, thread, now })
    }

    /// Adds an event to the timeline.
    pub(crate) async fn note(
        &mut self,
        actor: UserId,
        kind: ThreadEventKind,
        data: serde_json::Value,
    ) -> Result<()> {
        Ok(thread_event::insert(&mut self.operation, self.thread.id, actor, kind, data, self.now).await?)
    }

    /// Records an event.
    pub(crate) async fn record<Level>(&mut self, access: &Access<Level>, act: Act) -> Result<()> {
        event::record(&mut self.operation, access, &self.thread, act).await
    }

    pub(crate) async fn touch(&mut self) -> Result<()> {
        Ok(row::touch(&mut self.operation, self.thread.id, 0, self.now).await?)
    }

    /// Subscribes somebody to the thread, unless they have opted out.
    pub(crate) async fn follow(&mut self, person: UserId, reason: SubscriptionReason) -> Result<()> {
        let id = self.thread.id;
        thread_subscription::follow(&mut self.operation, id, person, reason, self.now).await?;
        Ok(())
    }

    /// Applies the effects of a new or changed text: references, subscriptions of mentioned people, attached
    /// files. `before` is the previous text.
    pub(crate) async fn apply_text_effects(
        &mut self,
        app: &App,
        access: &Access<Read>,
        comment: Option<CommentId>,
        (before, text): (&Text, &Text),
    ) -> Result<()> {
        let actor = access.participant()?;
        let thread = self.thread.id;
        let source = comment.map_or(Source::Thread(thread), |comment| Source::Comment(thread, comment));
        reference::leave(&mut self.operation, access, thread, (source, actor.id), &text.names).await?;
        let new = text.names.people.difference(&before.names.people);
        subscription::mention(&mut self.operation, access, thread, new).await?;
        let new = text.names.teams.difference(&before.names.teams);
        subscription::mention_teams(app, &mut self.operation, access, thread, new).await?;
        let place = Place { thread_id: thread, comment_id: comment };
        attachment::place(app, &mut self.operation, access, place, &text.attachments).await
    }

    /// Changes title and text, unless somebody else has done so since `version` was read.
    pub(crate) async fn set_text(
        &mut self,
        app: &App,
        access: &Access<Read>,
        title: Option<String>,
        text: Option<(Text, Text)>,
        version: Option<i64>,
    ) -> Result<()> {
        let actor = author_or_writer(access, self.thread.author_id)?.id;
        participant(access, &self.thread)?;
        let mut new = self.thread.clone();
        new.title = title.unwrap_or(new.title);
        if let Some((_, text)) = &text {
            new.body.clone_from(&text.body);
        }
        new.updated_at = self.now;
        let version = version.unwrap_or(new.version);
        if !row::update_text(&mut self.operation, new.id, version, &new.title, &new.body, self.now).await? {
            return Err(Error::Conflict(Conflict::StaleEdit));
        }
        if new.title != self.thread.title {
            let data = json!({ "from": self.thread.title, "to": new.title });
            self.note(actor, ThreadEventKind::Renamed, data).await?;
        }
        let is_changed = new.title != self.thread.title || new.body != self.thread.body;
        self.thread = new;
        if let Some((before, text)) = text {
            self.apply_text_effects(app, access, None, (&before, &text)).await?;
        }
        if is_changed {
            self.record(access, Act::Edited).await?;
        }
        Ok(())
    }

    /// Sets the initial labels and assignees of a new thread, without adding events to the timeline. The caller has checked that they
    /// may be chosen: by somebody who may write, or by a template.
    pub(crate) async fn open_with<Level>(
        &mut self,
        access: &Access<Level>,
        labels: &[LabelId],
        assignees: &[String],
    ) -> Result<()> {
        self.attach_labels(access, labels).await?;
        for person in readers(&mut self.operation, access, assignees).await? {
            assignee::insert(&mut self.operation, self.thread.id, person.id).await?;
            self.follow(person.id, SubscriptionReason::Assigned).await?;
        }
        Ok(())
    }

    /// Adds a comment.
    pub(crate) async fn add_comment(
        &mut self,
        app: &App,
        access: &Access<Read>,
        author: &User,
        text: &Text,
    ) -> Result<Comment> {
        let id = self.thread.id;
        let comment = comment_row::insert(&mut self.operation, id, author.id, &text.body, self.now).await?;
        row::touch(&mut self.operation, id, 1, self.now).await?;
        self.follow(author.id, SubscriptionReason::Commented).await?;
        self.apply_text_effects(app, access, Some(comment.id), (&Text::default(), text)).await?;
        self.record(access, Act::Commented(comment.id)).await?;
        Ok(comment)
    }
}
