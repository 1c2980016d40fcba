//! Pages for site administrators that are about computing.

pub mod compute;
