//! Helpers shared by the pages, the API and SSH: how users' files are received and served, and how clients are told what is
//! wrong.

pub mod download;
pub mod figure;
mod message;
pub mod patience;
pub mod range;
pub mod routing;
pub mod upload;

pub use message::{log, message, status};
