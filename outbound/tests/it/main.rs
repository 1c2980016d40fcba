//! What the server asks of others for people, attacked as those people would: every listener here is real.

mod limits;
mod redirects;
mod support;
mod targets;
