//! Which image runs on which accelerator types, and when that was last tested.

use hearth_core::{Result, Scope, TaskId, Timestamp};
use hearth_store::{accelerator as accelerator_row, image_check, image_check::ImageCheck};

use super::{Entry, catalogue};
use crate::{Actor, App};

/// The column for machines without cards.
pub const CPU: &str = "cpu";

#[derive(Clone, Debug)]
pub struct Matrix {
    /// Codes and labels of the accelerator types; the first is [`CPU`].
    pub columns: Vec<(String, String)>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub entry: Entry,
    /// One for every column.
    pub cells: Vec<Cell>,
}

/// One image on one accelerator type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Whether there is a variant, reference or interpreter to run.
    pub is_offered: bool,
    /// CUDA 12.4, CANN 8.0, …
    pub toolkit: String,
    pub check: Option<Check>,
}

/// The last smoke task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub task: Option<TaskId>,
    /// `None` while it has not ended.
    pub has_passed: Option<bool>,
    pub at: Timestamp,
}

/// The whole matrix: for administrators.
pub async fn matrix(app: &App, actor: &Actor) -> Result<Matrix> {
    actor.administrator(Scope::ReadAdmin)?;
    let entries = catalogue(app, actor).await?;
    let mut reader = app.store().read().await?;
    let kinds = accelerator_row::list_enabled(&mut reader).await?;
    let checks = image_check::list(&mut reader).await?;
    let mut columns = vec![(CPU.to_owned(), CPU.to_owned(), CPU.to_uppercase())];
    columns.extend(kinds.into_iter().map(|kind| (kind.code, kind.family, kind.label)));
    let rows = entries
        .into_iter()
        .map(|entry| {
            let cells = columns.iter().map(|(code, family, _)| cell(&entry, code, family, &checks)).collect();
            Row { entry, cells }
        })
        .collect();
    Ok(Matrix { columns: columns.into_iter().map(|(code, _, label)| (code, label)).collect(), rows })
}

fn cell(entry: &Entry, code: &str, family: &str, checks: &[ImageCheck]) -> Cell {
    let variant = entry.variants.iter().find(|variant| variant.family == family && variant.is_enabled);
    let is_here = code == CPU && entry.image.interpreter.is_some() && entry.image.is_available;
    let check = checks
        .iter()
        .find(|check| check.image_id == entry.image.id && check.accelerator_code == code)
        .map(|check| Check { task: check.task_id, has_passed: check.has_passed, at: check.checked_at });
    Cell {
        is_offered: variant.is_some() || is_here || entry.image.reference.is_some(),
        toolkit: variant.map(|variant| variant.toolkit.clone()).unwrap_or_default(),
        check,
    }
}
