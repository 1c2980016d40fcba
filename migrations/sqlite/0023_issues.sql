-- What issues and pull requests are organised by: due dates, exclusive labels, what must be done first, pins, and saved queries.

-- Of the exclusive labels with one scope, the part of the name before its last slash, a thread has at most one.
ALTER TABLE labels ADD COLUMN is_exclusive BOOLEAN NOT NULL DEFAULT FALSE;

ALTER TABLE threads ADD COLUMN due_at BIGINT;
CREATE INDEX threads_by_due_date ON threads (repository_id, kind, due_at) WHERE due_at IS NOT NULL;

-- `blocked_id` is not done before `blocker_id`, which may be in another repository.
CREATE TABLE thread_dependencies (
    blocked_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    blocker_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    creator_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (blocked_id, blocker_id)
);

CREATE INDEX thread_dependencies_by_blocker ON thread_dependencies (blocker_id);

-- Threads at the top of the list of their kind, in this order.
CREATE TABLE thread_pins (
    thread_id BIGINT PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    place BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX thread_pins_by_repository ON thread_pins (repository_id, kind, place);

-- Queries that a person uses again. Without a repository: over all repositories.
CREATE TABLE saved_queries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    repository_id BIGINT REFERENCES repositories (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX saved_queries_of_repository ON saved_queries (user_id, repository_id, kind, name_key) WHERE repository_id IS NOT NULL;
CREATE UNIQUE INDEX saved_queries_of_all ON saved_queries (user_id, kind, name_key) WHERE repository_id IS NULL;
CREATE INDEX saved_queries_by_repository ON saved_queries (repository_id);
