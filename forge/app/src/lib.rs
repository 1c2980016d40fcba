//! What people and programs can do with Hearth: one file per noun. No HTTP, no HTML, no SQL.
//!
//! An operation is a function that takes the [`App`], the proof that its actor may perform it
//! ([`access::Access`]) and its input, and commits its rows, its event and its jobs in one transaction.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read what they have written"))]

pub mod code;
pub mod compute;
mod discussion;
mod models;
mod people;
pub mod review;
mod site;
#[cfg(feature = "testing")]
pub mod testing;

// Each noun is exported under its own name, whichever top-level module it is in.
use code::git_error;
pub use code::{
    branch_rename, commit_status, content, deleted_reference, deploy_key, edit, highlight, lfs, lfs_batch,
    lfs_collection, lfs_lock, lfs_parts, lfs_quota, lfs_room, lfs_ticket, lfs_upload, push, reference,
    reference_list, release, repository, verification,
};
pub use compute::{
    accelerator, attempt, comparison, image, log, metrics, output, pool, queue, quota, record, scene, spec,
    task, undelivered_outputs,
};
use compute::{effect, fields, pieces, summary, zip};
pub use discussion::{diagram, issue, label, markdown, milestone, overview, picture, saved_query, thread};
pub use models::{lineage, model};
use people::actor;
pub use people::{
    access, access_token, dashboard, gpg_key, invite, key_holder, organization, owner, password, session,
    ssh_key, user,
};
pub use repository::fork;
use review::code_owner;
pub use review::{branch_rule, changes, compare, line_comment, merge, pull_request, retraining};
pub use site::{
    activity, audit, disk, events, jobs, leadership, mail, maintenance, reconcile, registration, storage,
};
use site::{app, client_address, limits, operation, rate, secret, settings, signer, turn::turn};

pub use access::{Access, Located};
pub use actor::Actor;
pub use app::{App, Parts};
pub use client_address::ClientAddress;
pub use disk::DataDisk;
pub use effect::Effect;
pub use git_error::GitResult;
pub use hearth_blobs::{self as blobs, Blobs};
pub use hearth_core::{Change, Unit};
pub use hearth_diagram::DrawingProgram;
pub use hearth_outbound as outbound;
pub use hearth_store::ChangeReceiver;
pub use limits::Limits;
pub use operation::Operation;
pub use password::Password;
pub use rate::GuessLimit;
pub use registration::Registration;
pub use settings::Settings;
pub use signer::Signer;
pub use site::{request_limit, site_key::SiteKey};
pub use thread::comment;
