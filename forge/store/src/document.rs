//! JSON that is only parsed where it is needed.

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use sqlx::types::Json;

/// JSON as stored. It is parsed on demand, so that rows which are read often stay cheap.
#[derive(Clone, Debug, sqlx::Type)]
#[sqlx(transparent, no_pg_array)]
pub struct Document(Json<Box<RawValue>>);

impl Document {
    /// Parses it. Fails if it is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.0.get())
    }
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}
