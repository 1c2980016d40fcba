CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    actor_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    repository_id BIGINT REFERENCES repositories (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX events_by_repository ON events (repository_id, id);
CREATE INDEX events_by_actor ON events (actor_id, id);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    -- Jobs with the same key that have not begun are one job.
    dedupe_key TEXT UNIQUE,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    run_at BIGINT NOT NULL,
    leased_until BIGINT,
    failed_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE INDEX jobs_by_time ON jobs (failed_at, run_at);
