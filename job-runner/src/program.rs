//! How a [`Program`] is serialised in specs and records: as `program`. Those of older servers have a boot
//! file and its parameters as separate fields.

use hearth_core::{Parameter, Program};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize)]
struct Written<'a> {
    program: &'a Program,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Read {
    Program { program: Program },
    Script { boot_file: String, parameters: Vec<Parameter> },
}

pub(crate) fn serialize<S: Serializer>(program: &Program, serializer: S) -> Result<S::Ok, S::Error> {
    Written { program }.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Program, D::Error> {
    Ok(match Read::deserialize(deserializer)? {
        Read::Program { program } => program,
        Read::Script { boot_file, parameters } => Program::script(boot_file, parameters),
    })
}
