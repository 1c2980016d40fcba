-- What is discussed is a thread: title, text, comments, labels, assignees and what happened. An issue is one kind of it.
DROP INDEX issues_by_state;
ALTER TABLE issues RENAME TO threads;
ALTER TABLE threads ADD COLUMN kind TEXT NOT NULL DEFAULT 'issue';
-- While it is locked, only those who may write to the repository comment.
ALTER TABLE threads ADD COLUMN locked_at BIGINT;
ALTER TABLE threads ADD COLUMN locked_by BIGINT REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE threads ADD COLUMN lock_reason TEXT;

CREATE INDEX threads_by_repository ON threads (repository_id, created_at, id);

-- What only an issue has.
CREATE TABLE issues (
    thread_id BIGINT PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    closed_at BIGINT
) WITHOUT ROWID;

INSERT INTO issues (thread_id, state, closed_at) SELECT id, state, closed_at FROM threads;
ALTER TABLE threads DROP COLUMN state;
ALTER TABLE threads DROP COLUMN closed_at;

ALTER TABLE issue_assignees RENAME TO thread_assignees;
ALTER TABLE thread_assignees RENAME COLUMN issue_id TO thread_id;

ALTER TABLE issue_labels RENAME TO thread_labels;
ALTER TABLE thread_labels RENAME COLUMN issue_id TO thread_id;
CREATE INDEX thread_labels_by_label ON thread_labels (label_id);

DROP INDEX comments_by_issue;
ALTER TABLE comments RENAME COLUMN issue_id TO thread_id;
CREATE INDEX comments_by_thread ON comments (thread_id, id);

DROP INDEX issue_events_by_issue;
ALTER TABLE issue_events RENAME TO thread_events;
ALTER TABLE thread_events RENAME COLUMN issue_id TO thread_id;
CREATE INDEX thread_events_by_thread ON thread_events (thread_id, id);

-- Numbers are counted by what holds the things that are numbered: a repository, and later a board.
CREATE TABLE new_counters (
    container TEXT NOT NULL,
    container_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (container, container_id, name)
);

INSERT INTO new_counters (container, container_id, name, value)
    SELECT 'repository', repository_id, CASE WHEN name = 'issue' THEN 'thread' ELSE name END, value FROM counters;
DROP TABLE counters;
ALTER TABLE new_counters RENAME TO counters;

-- Signs that people put under a thread's text (without comment) or under a comment.
CREATE TABLE reactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thread_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    comment_id BIGINT REFERENCES comments (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX reactions_of_thread ON reactions (thread_id, user_id, content) WHERE comment_id IS NULL;
CREATE UNIQUE INDEX reactions_of_comment ON reactions (comment_id, user_id, content) WHERE comment_id IS NOT NULL;
CREATE INDEX reactions_by_thread ON reactions (thread_id, id);

-- Who follows a thread, and why; muted: who does not want to, whatever happens.
CREATE TABLE thread_subscriptions (
    thread_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, user_id)
);

CREATE INDEX thread_subscriptions_by_user ON thread_subscriptions (user_id);

INSERT INTO thread_subscriptions (thread_id, user_id, state, reason, created_at)
    SELECT id, author_id, 'watching', 'author', created_at FROM threads;
INSERT INTO thread_subscriptions (thread_id, user_id, state, reason, created_at)
    SELECT a.thread_id, a.user_id, 'watching', 'assigned', t.created_at
    FROM thread_assignees a JOIN threads t ON t.id = a.thread_id WHERE a.user_id <> t.author_id;
INSERT INTO thread_subscriptions (thread_id, user_id, state, reason, created_at)
    SELECT c.thread_id, c.author_id, 'watching', 'commented', MIN(c.created_at) FROM comments c
    WHERE NOT EXISTS (SELECT 1 FROM thread_subscriptions s WHERE s.thread_id = c.thread_id AND s.user_id = c.author_id)
    GROUP BY c.thread_id, c.author_id;

-- A thread's text, a comment or a commit names a thread. Whoever looks at the target is shown it if they may read the source's repository.
CREATE TABLE thread_references (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target_id BIGINT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
    source_repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    source_thread_id BIGINT REFERENCES threads (id) ON DELETE CASCADE,
    source_comment_id BIGINT REFERENCES comments (id) ON DELETE CASCADE,
    source_commit TEXT,
    -- The commit's title: threads have their own.
    commit_title TEXT,
    actor_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX thread_references_by_target ON thread_references (target_id, created_at, id);
CREATE INDEX thread_references_by_source ON thread_references (source_thread_id);
CREATE UNIQUE INDEX thread_references_of_thread ON thread_references (target_id, source_thread_id) WHERE source_comment_id IS NULL;
CREATE UNIQUE INDEX thread_references_of_comment ON thread_references (source_comment_id, target_id);
CREATE UNIQUE INDEX thread_references_of_commit ON thread_references (target_id, source_repository_id, source_commit);

-- Files that people put into texts. Without a thread: not placed yet, and removed after a day.
CREATE TABLE attachments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid TEXT NOT NULL UNIQUE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    uploader_id BIGINT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    thread_id BIGINT REFERENCES threads (id) ON DELETE CASCADE,
    comment_id BIGINT REFERENCES comments (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX attachments_by_hash ON attachments (sha256);
CREATE INDEX attachments_by_thread ON attachments (thread_id, id);
CREATE INDEX attachments_by_comment ON attachments (comment_id);
CREATE INDEX attachments_by_repository ON attachments (repository_id);
CREATE INDEX attachments_waiting ON attachments (uploader_id, created_at) WHERE thread_id IS NULL;
