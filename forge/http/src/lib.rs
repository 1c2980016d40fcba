//! HTTP helpers shared by the pages and the API.

pub mod download;
pub mod range;
pub mod routing;
pub mod upload;
