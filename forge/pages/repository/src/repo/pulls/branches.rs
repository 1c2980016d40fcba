//! The branches that forms offer.

use hearth_app::{Access, App, code};
use hearth_core::{Error, Kind, Read, Unit};

/// Their names, the default branch first. A repository may have more than are offered: any name can be typed.
pub(super) async fn branch_names(app: &App, access: &Access<Read>) -> Result<Vec<String>, Error> {
    let code = access.enter_unit(Unit::Code)?;
    let found = code::branches(app, &code, code::MOST_REFERENCES).await?;
    let all = found.default.iter().chain(&found.others);
    Ok(all.map(|(branch, _)| branch.name.as_str().to_owned()).collect())
}

/// A branch that was typed and does not exist is a mistake in its field: what else was typed is kept.
pub(super) fn in_field(error: Error, field: &'static str) -> Error {
    match error {
        Error::NotFound(Kind::Branch) => Error::field(field, "unknown-choice"),
        other => other,
    }
}
