//! What the pages and the API do alike with HTTP.

pub mod download;
pub mod upload;
