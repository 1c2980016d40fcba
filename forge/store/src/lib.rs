//! All SQL of Hearth: one file per entity, with its row type and its statements.
//!
//! Functions that read take `&mut impl Ask`; functions that change things take `&mut Writer`, which is always inside a
//! transaction. One text serves SQLite and PostgreSQL; see [`db`].

pub mod db;
mod error;

pub mod accelerator;
pub mod access_token;
pub mod active_task;
pub mod activity;
pub mod assignee;
pub mod attachment;
pub mod attempt;
pub mod attempt_node;
pub mod audit_entry;
pub mod blob;
pub mod card_usage;
pub mod comment;
pub mod commit_status;
pub mod counter;
pub mod dashboard;
mod document;
pub mod event;
pub mod grant;
pub mod image;
pub mod image_check;
pub mod image_contents;
pub mod image_variant;
pub mod invitation;
pub mod invite;
pub mod issue;
pub mod job;
pub mod label;
pub mod lease;
pub mod lfs_lock;
pub mod lfs_object;
pub mod member;
pub mod model_version;
pub mod organization;
pub mod owner;
pub mod pin;
pub mod pool;
pub mod push;
pub mod queue;
pub mod quota;
pub mod reaction;
pub mod repository;
pub mod scene;
pub mod schedule;
pub mod session;
pub mod setting;
pub mod spec;
pub mod ssh_key;
pub mod task;
pub mod task_event;
pub mod task_filter;
pub mod task_link;
pub mod task_output;
pub mod task_value;
pub mod team;
#[cfg(feature = "testing")]
pub mod testing;
pub mod thread;
pub mod thread_event;
pub mod thread_reference;
pub mod thread_subscription;
pub mod timeline;
pub mod transfer;
pub mod user;
pub mod wait_forecast;

pub use db::{Ask, ChangeReceiver, Changes, Query, Reader, Sql, Store, Values, Writer};
pub use document::Document;
pub use error::{Error, Meaning, Result};
pub use sqlx::types::Json;
