-- Releases: what a repository publishes at a tag, with files to download; and what a repository is besides: archived, a template.

-- When it was archived; NULL: it can be written to.
ALTER TABLE repositories ADD COLUMN archived_at BIGINT;
-- Whether others begin repositories of their own from its files.
ALTER TABLE repositories ADD COLUMN is_template BOOLEAN NOT NULL DEFAULT FALSE;

-- What somebody who watches a repository wants to hear of: everything, mentions, or some of issues, pulls and releases, separated by
-- spaces. Means nothing for stars.
ALTER TABLE repository_interests ADD COLUMN choice TEXT NOT NULL DEFAULT 'everything';

-- Where a branch that was renamed is now.
CREATE TABLE branch_redirects (
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    target TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (repository_id, name)
) WITHOUT ROWID;

-- What references were deleted, newest first.
CREATE INDEX pushes_by_deletion ON pushes (repository_id, created_at) WHERE new_id = '';

CREATE TABLE releases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    tag_name TEXT NOT NULL,
    -- The branch or commit at which the tag is made, if it does not exist when the release is published.
    target TEXT NOT NULL,
    title TEXT NOT NULL,
    notes TEXT NOT NULL,
    is_prerelease BOOLEAN NOT NULL,
    -- Whether it was chosen as the latest one; at most one of a repository is. Without a choice it is the newest.
    is_chosen BOOLEAN NOT NULL,
    -- NULL: the account is gone.
    author_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    -- The task whose run record says how the weights came about.
    task_id BIGINT REFERENCES tasks (id) ON DELETE SET NULL,
    -- Counts edits, so that nobody overwrites what they have not seen.
    edit_version BIGINT NOT NULL,
    -- NULL: a draft.
    published_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (repository_id, tag_name)
);

CREATE INDEX releases_by_repository ON releases (repository_id, published_at, id);
CREATE INDEX releases_by_task ON releases (task_id) WHERE task_id IS NOT NULL;

-- A file of a release. Its bytes are in the blob store.
CREATE TABLE release_assets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    uploader_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    downloads BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (release_id, name)
);

CREATE INDEX release_assets_by_blob ON release_assets (sha256);

-- A file of a release that has not arrived completely.
CREATE TABLE release_uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    release_id BIGINT NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
    uuid TEXT NOT NULL UNIQUE,
    uploader_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    -- As declared; the finished file must be so.
    size_bytes BIGINT NOT NULL,
    -- As declared; NULL: it was not.
    sha256 TEXT,
    received_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX release_uploads_by_release ON release_uploads (release_id);
CREATE INDEX release_uploads_by_uploader ON release_uploads (uploader_id);
CREATE INDEX release_uploads_by_change ON release_uploads (updated_at);

-- What has arrived of it: each piece is an object of the blob store until the file is whole.
CREATE TABLE release_upload_pieces (
    upload_id BIGINT NOT NULL REFERENCES release_uploads (id) ON DELETE CASCADE,
    offset_bytes BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (upload_id, offset_bytes)
) WITHOUT ROWID;

CREATE INDEX release_upload_pieces_by_blob ON release_upload_pieces (sha256);
