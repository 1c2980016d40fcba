//! Quotas: what an owner of repositories may hold at once, and use in a week.

use hearth_core::{Conflict, Error, Kind, Result, Scope, TaskState, Timestamp};
use hearth_store::{Ask, Meaning as _, accelerator, quota as row};

pub use hearth_store::quota::Quota;

use crate::{Actor, App, Effect, audit, audit::Fact, fields::Checks};

const SECONDS_OF_HOUR: i64 = 3_600;

/// The fields of a quota.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    /// An owner's name; `None` means everybody who has no row of their own.
    pub owner: Option<String>,
    /// `None` means all cards together.
    pub accelerator: Option<String>,
    pub nominal_cards: i64,
    /// `None` means without a limit.
    pub borrow_cards: Option<i64>,
    /// `None` means all of the nominal share.
    pub lend_cards: Option<i64>,
    /// Card-hours; `None` means without a limit.
    pub weekly_hours: Option<i64>,
}

impl Fields {
    /// The fields of an existing quota.
    pub fn of(quota: &Quota) -> Self {
        Self {
            code: quota.code.clone(),
            owner: quota.owner.as_ref().map(ToString::to_string),
            accelerator: quota.accelerator_code.clone(),
            nominal_cards: quota.nominal_cards,
            borrow_cards: quota.borrow_cards,
            lend_cards: quota.lend_cards,
            weekly_hours: quota.weekly_card_seconds.map(|seconds| seconds / SECONDS_OF_HOUR),
        }
    }

    async fn check(&self, ask: &mut impl Ask, now: Timestamp) -> Result<Quota> {
        let mut checks = Checks::default();
        let code = checks.code("code", &self.code);
        let owner = checks.owner(ask, self.owner.as_deref()).await?;
        let accelerator_code = self.accelerator.clone();
        if let Some(code) = &accelerator_code
            && accelerator::find(ask, code).await?.is_none()
        {
            checks.0.add("accelerator", "unknown-choice");
        }
        let owner_id = owner.as_ref().map(|owner| owner.id);
        let is_same = |row: &Quota| {
            row.owner_id == owner_id && row.accelerator_code == accelerator_code && row.code != code
        };
        if row::list(ask).await?.iter().any(is_same) {
            checks.0.add("owner", "quota-twice");
        }
        let nominal_cards = checks.number("nominal_cards", self.nominal_cards, 0);
        let lend_cards = checks.optional_number("lend_cards", self.lend_cards, 0);
        if lend_cards.is_some_and(|lend| lend > nominal_cards) {
            checks.0.add("lend_cards", "lend-more");
        }
        let borrow_cards = checks.optional_number("borrow_cards", self.borrow_cards, 0);
        let hours = checks.optional_number("weekly_hours", self.weekly_hours, 0);
        checks.0.into_result()?;
        Ok(Quota {
            code,
            owner_id,
            owner: owner.map(|owner| owner.name),
            accelerator_code,
            nominal_cards,
            borrow_cards,
            lend_cards,
            weekly_card_seconds: hours.map(|hours| hours.saturating_mul(SECONDS_OF_HOUR)),
            created_at: now,
            updated_at: now,
        })
    }
}

/// All quotas: for administrators.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Quota>> {
    actor.administrator(Scope::ReadAdmin)?;
    Ok(row::list(&mut app.store().read().await?).await?)
}

pub async fn find(app: &App, actor: &Actor, code: &str) -> Result<Quota> {
    actor.administrator(Scope::ReadAdmin)?;
    row::find(&mut app.store().read().await?, code).await?.ok_or(Error::NotFound(Kind::Quota))
}

/// Reports the validation errors that [`make`] would find in the fields alone.
pub async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
    actor.administrator(Scope::ReadAdmin)?;
    fields.check(&mut app.store().read().await?, app.now()).await.map(drop)
}

pub async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<Quota> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let new = fields.check(&mut operation, app.now()).await?;
    row::insert(&mut operation, &new).await.on_taken(Conflict::NameTaken)?;
    let fact = Fact { kind: "quota", subject: &new.code, action: "made", before: None, after: Some(&new) };
    audit::save(operation, actor, fact).await?;
    Ok(new)
}

/// Which tasks [`change`] would affect; also validates the fields.
pub async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
    let before = find(app, actor, code).await?;
    let fields = Fields { code: code.to_owned(), ..fields.clone() };
    let after = fields.check(&mut app.store().read().await?, app.now()).await?;
    Effect::of(app, |task| {
        // A quota of an organisation changes who pays for its tasks, unless they run already.
        let waits = matches!(task.state, TaskState::Preparing | TaskState::Waiting);
        let concerns = |id| id == task.payer_id || (waits && id == task.owner_id);
        task.cards > 0 && [&before, &after].into_iter().any(|quota| quota.owner_id.is_none_or(concerns))
    })
    .await
}

/// Changes what owners may hold. Running tasks are not ended.
pub async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Quota> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Quota))?;
    let fields = Fields { code: code.to_owned(), ..fields.clone() };
    let after = Quota { created_at: before.created_at, ..fields.check(&mut operation, app.now()).await? };
    row::update(&mut operation, &after).await?;
    let fact =
        Fact { kind: "quota", subject: code, action: "changed", before: Some(&before), after: Some(&after) };
    audit::save(operation, actor, fact).await?;
    Ok(after)
}

pub async fn delete(app: &App, actor: &Actor, code: &str) -> Result<()> {
    actor.administrator(Scope::WriteAdmin)?;
    let mut operation = app.begin().await?;
    let before = row::lock(&mut operation, code).await?.ok_or(Error::NotFound(Kind::Quota))?;
    row::delete(&mut operation, code).await?;
    let fact = Fact { kind: "quota", subject: code, action: "deleted", before: Some(&before), after: None };
    audit::save(operation, actor, fact).await
}
