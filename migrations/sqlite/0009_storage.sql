-- Objects whose bytes are not what they were when they were stored. A row goes when the bytes come again.
CREATE TABLE blob_faults (
    sha256 TEXT PRIMARY KEY,
    size_bytes BIGINT NOT NULL,
    kind TEXT NOT NULL,
    found_at BIGINT NOT NULL
);
