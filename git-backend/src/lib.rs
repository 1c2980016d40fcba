//! hearth-git
