//! hearth-app
