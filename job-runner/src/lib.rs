//! hearth-runner
