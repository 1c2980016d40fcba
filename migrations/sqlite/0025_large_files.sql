-- When somebody last sent an object, was told that it is here, or had a reference that needs it.
ALTER TABLE lfs_objects ADD COLUMN needed_at BIGINT NOT NULL DEFAULT 0;
UPDATE lfs_objects SET needed_at = created_at;
CREATE INDEX lfs_objects_by_need ON lfs_objects (needed_at, repository_id);

-- Objects that have not arrived completely. Their declared sizes count towards what the owner uses.
CREATE TABLE lfs_uploads (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    oid TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    received_bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (repository_id, oid)
);

CREATE INDEX lfs_uploads_by_change ON lfs_uploads (updated_at);

-- What has arrived of them: each piece is an object of the blob store until the whole is.
CREATE TABLE lfs_upload_pieces (
    upload_id BIGINT NOT NULL REFERENCES lfs_uploads (id) ON DELETE CASCADE,
    offset_bytes BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (upload_id, offset_bytes)
) WITHOUT ROWID;

CREATE INDEX lfs_upload_pieces_by_blob ON lfs_upload_pieces (sha256);
