-- SSH keys of machines: each reaches one repository.
CREATE TABLE deploy_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    public_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    may_write BOOLEAN NOT NULL,
    added_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE INDEX deploy_keys_by_repository ON deploy_keys (repository_id);
