//! Requests on behalf of users, attacked as those users would: every listener here is real.

mod limits;
mod redirects;
mod support;
mod targets;
