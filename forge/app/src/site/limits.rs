use std::time::Duration;

use hearth_core::Limit;
use serde::{Deserialize, Serialize};

macro_rules! limits {
    ($($(#[$about:meta])* $field:ident, $maker:ident, $name:literal = $default:expr;)+) => {
        /// All upper bounds that users can hit; section `[limits]` of the configuration. The message for each
        /// is `error-limit-{name}`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Limits { $($(#[$about])* pub $field: u64,)+ }

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl Limits {
            /// Field, name and default of every limit, for the documentation and the test of the catalogue.
            pub const ALL: &'static [(&'static str, &'static str, u64)] =
                &[$((stringify!($field), $name, $default),)+];

            $(
                #[doc = concat!("The named limit behind `limits.", stringify!($field), "`.")]
                pub const fn $maker(&self) -> Limit {
                    Limit { name: $name, most: self.$field, key: concat!("limits.", stringify!($field)) }
                }
            )+
        }
    };
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

limits! {
    /// A JSON body.
    json_bytes, json, "json" = 2 * MIB;
    /// A form's body.
    form_bytes, form, "form" = 4 * MIB;
    /// A file written through the API or a page.
    content_bytes, content, "content" = 64 * MIB;
    /// A text that is edited on a page.
    edited_file_bytes, edited_file, "edited-file" = MIB;
    /// The request of a clone or fetch, after decompression.
    fetch_bytes, fetch, "fetch" = 16 * MIB;
    /// One push, after decompression.
    push_bytes, push, "push" = 8 * GIB;
    /// One Git LFS object.
    lfs_object_bytes, lfs_object, "lfs-object" = 64 * GIB;
    /// One part of a Git LFS object that arrives in parts; larger parts are chosen where there would be thousands.
    lfs_part_bytes, part_of_lfs, "lfs-part" = 64 * MIB;
    /// All Git LFS objects of one owner's repositories, each counted once. 0: no limit.
    owner_lfs_bytes, lfs_of_owner, "owner-lfs" = 1_024 * GIB;
    /// Pieces in which one Git LFS object is kept until it has arrived.
    lfs_upload_pieces, pieces_of_lfs_upload, "lfs-upload-pieces" = 10_000;
    /// Days for which a Git LFS object is kept that no branch, tag or pull request needs. At least 2.
    lfs_keep_days, days_to_keep_lfs, "lfs-keep-days" = 14;
    /// A file shown as text, in parts; of larger ones, only the beginning is shown. At most 16 MiB.
    shown_file_bytes, shown_file, "shown-file" = 16 * MIB;
    /// A file that is highlighted; larger ones are shown plain.
    highlighted_file_bytes, highlighted_file, "highlighted-file" = 512 * KIB;
    /// Markdown that is rendered; larger texts are shown as plain text.
    markdown_bytes, markdown, "markdown" = MIB;
    /// A picture of another host in a text.
    picture_bytes, picture, "picture" = 8 * MIB;
    /// All such pictures that this server keeps for some time.
    picture_cache_bytes, picture_cache, "picture-cache" = 512 * MIB;
    /// The text of an issue or a comment.
    text_bytes, text, "text" = 256 * KIB;
    /// A file attached to an issue or a comment.
    attachment_bytes, attachment, "attachment" = 32 * MIB;
    /// All such files in one repository.
    repository_attachment_bytes, attachments_of_repository, "repository-attachments" = 4 * GIB;
    /// Files attached to one text.
    attachments, attachments_of_text, "attachments" = 20;
    /// Files that one person has uploaded but not yet used in a text.
    waiting_attachments, attachments_of_person, "waiting-attachments" = 50;
    /// People and issues in one text or commit that are notified or record the reference; further ones are
    /// only linked.
    references, references_of_text, "references" = 20;
    /// Members of the teams mentioned in one text who are subscribed to its thread.
    mentioned_members, members_mentioned, "mentioned-members" = 500;
    /// All files in one archive of a commit, before compression.
    archive_bytes, archive, "archive" = 16 * GIB;
    /// Files in one archive of a commit.
    archive_files, archive_of_files, "archive-files" = 200_000;
    /// A file that the API returns within JSON; for larger ones, it returns the address of the bytes.
    api_file_bytes, api_file, "api-file" = MIB;
    /// Entries of a folder that the API lists.
    api_folder_entries, api_folder, "api-folder" = 1_000;
    /// What commits changed, as the text of a `.diff` or a `.patch`.
    patch_bytes, patch, "patch" = 16 * MIB;
    /// Entries of folders, commits and references that one expensive query of a repository may visit.
    walk_entries, walk_of_entries, "walk-entries" = 1_000_000;
    /// Bytes of objects that such a query may read.
    walk_bytes, walk, "walk" = 128 * MIB;
    /// The time that such a query may take, in seconds.
    walk_seconds, walk_time, "walk-time" = 10;
    /// Commits that one merge, rebase or cherry-pick makes again.
    merged_commits, commits_merged, "merged-commits" = 1_000;
    /// Repositories of one owner.
    repositories, repositories_of_owner, "repositories" = 1_000;
    /// Organisations created by one person.
    organizations, organizations_of_person, "organizations" = 20;
    /// Members of one organisation.
    members, members_of_organization, "members" = 1_000;
    /// Teams of one organisation.
    teams, teams_of_organization, "teams" = 100;
    /// Pending invitations into one organisation.
    invitations, invitations_of_organization, "invitations" = 100;
    /// Invitations that one person sends by email in a day.
    invitation_emails, invitation_emails_of_person, "invitation-emails" = 50;
    /// Collaborators of one repository.
    collaborators, collaborators_of_repository, "collaborators" = 200;
    /// Repositories that one owner pins to their page.
    pinned_repositories, pinned_repositories_of_owner, "pinned-repositories" = 6;
    /// Access tokens of one person.
    tokens, tokens_of_person, "tokens" = 100;
    /// SSH keys of one person.
    ssh_keys, ssh_keys_of_person, "ssh-keys" = 100;
    /// OpenPGP keys of one person.
    gpg_keys, gpg_keys_of_person, "gpg-keys" = 20;
    /// Deploy keys of one repository.
    deploy_keys, deploy_keys_of_repository, "deploy-keys" = 50;
    /// Milestones of one repository.
    milestones, milestones_of_repository, "milestones" = 500;
    /// Topics of one repository.
    topics, topics_of_repository, "topics" = 25;
    /// Releases of one repository.
    releases, releases_of_repository, "releases" = 5_000;
    /// A file of a release.
    release_asset_bytes, release_asset, "release-asset" = 64 * GIB;
    /// Files of one release.
    release_assets, assets_of_release, "release-assets" = 200;
    /// All files of the releases of one repository.
    repository_release_bytes, releases_in_repository, "repository-releases" = 1_024 * GIB;
    /// Files of releases that one person has begun to upload and not finished.
    release_uploads, uploads_of_person, "release-uploads" = 20;
    /// Requests in which one file of a release arrives.
    release_upload_pieces, pieces_of_upload, "release-upload-pieces" = 10_000;
    /// Days in which a deleted branch can be restored, while its commits are stored.
    restore_days, days_to_restore, "restore-days" = 90;
    /// Threads of one kind that stand above the list of a repository.
    pinned_threads, threads_pinned, "pinned-threads" = 3;
    /// What one issue or pull request waits for, and what waits for it.
    dependencies, dependencies_of_thread, "dependencies" = 50;
    /// Queries that one person keeps for one list.
    saved_queries, queries_saved, "saved-queries" = 50;
    /// Templates and forms for the issues of one repository.
    issue_templates, issue_templates_of_repository, "issue-templates" = 50;
    /// One of them; a larger one is not used.
    issue_template_bytes, issue_template, "issue-template" = 64 * KIB;
    /// Labels of one repository.
    labels, labels_of_repository, "labels" = 500;
    /// Labels of one organisation, with which its repositories begin.
    organization_labels, labels_of_organization, "organization-labels" = 100;
    /// Rules for branches and tags of one repository.
    branch_rules, branch_rules_of_repository, "branch-rules" = 100;
    /// Comments on lines of one pull request.
    line_comments, line_comments_of_pull_request, "line-comments" = 5_000;
    /// Comments in one review that is not submitted yet.
    pending_comments, pending_comments_of_review, "pending-comments" = 500;
    /// The lines that one comment suggests.
    suggestion_bytes, suggestion, "suggestion" = 64 * KIB;
    /// People and teams whose review of one pull request is asked for.
    review_requests, review_requests_of_pull_request, "review-requests" = 50;
    /// Files of one pull request that one person ticks as viewed.
    viewed_files, viewed_files_of_person, "viewed-files" = 20_000;
    /// A file of code owners; a larger one is ignored.
    code_owners_bytes, code_owners, "code-owners" = 256 * KIB;
    /// Parameters of one task.
    task_parameters, task_parameters_of_task, "task-parameters" = 200;
    /// Name, description, boot file and parameters of one task, together.
    task_text_bytes, task_text, "task-text" = 128 * KIB;
    /// Items in one batch request: tasks to remove, labels and people of an issue.
    batch_items, batch, "batch" = 100;
    /// Objects in one Git LFS batch request; its client asks for a hundred.
    lfs_batch_objects, lfs_batch, "lfs-batch" = 1_000;
    /// Waiting and running tasks of one person.
    active_tasks, active_tasks_of_person, "active-tasks" = 20;
    /// Columns of values in a table of tasks.
    task_columns, columns_of_tasks, "task-columns" = 20;
    /// Tasks that are compared on one page.
    compared_tasks, tasks_compared, "compared-tasks" = 10;
    /// Machines that one task runs on at once.
    task_nodes, nodes_of_task, "task-nodes" = 16;
    /// A task's log.
    task_log_bytes, task_log, "task-log" = 2 * GIB;
    /// Bytes of a log that one search goes through.
    log_search_bytes, log_search, "log-search" = 2 * GIB;
    /// The time that such a search may take, in seconds.
    log_search_seconds, log_search_time, "log-search-time" = 3;
    /// All outputs of one attempt.
    task_output_bytes, task_output, "task-output" = 64 * GIB;
    /// The code of a task, unpacked.
    task_code_bytes, task_code, "task-code" = 4 * GIB;
    /// All data of an attempt on its machine's disk: code, inputs, outputs and what it leaves in `/tmp` and
    /// its home.
    task_disk_bytes, task_disk, "task-disk" = 128 * GIB;
    /// Files and folders among that data.
    task_disk_files, task_files, "task-files" = 1_000_000;
    /// Requests of programs in a minute, by one account with all of its tokens: API, git and Git LFS together.
    account_requests, requests_of_account, "account-requests" = 30_000;
    /// The same from one address where nobody signs in.
    address_requests, requests_of_address, "address-requests" = 30_000;
    /// Entries of the audit log in one export.
    audit_export_entries, audit_export, "audit-export" = 10_000;
    /// The longest time a task may ask for, in seconds.
    task_seconds, task_time, "task-time" = 7 * 24 * 3600;
}

impl Limits {
    /// The budget for one expensive query of a repository.
    pub fn walk_allowance(&self) -> hearth_git::Allowance {
        hearth_git::Allowance {
            entries: self.walk_entries,
            bytes: self.walk_bytes,
            time: Duration::from_secs(self.walk_seconds),
        }
    }

    /// The same limits with another budget for such a query.
    pub(crate) fn with_walk(self, allowance: hearth_git::Allowance) -> Self {
        Self {
            walk_entries: allowance.entries,
            walk_bytes: allowance.bytes,
            walk_seconds: allowance.time.as_secs(),
            ..self
        }
    }
}
