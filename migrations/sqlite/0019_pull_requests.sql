-- Pull requests: threads that ask to merge one branch into another, with their versions, reviews and the rules of branches.

-- Where a repository was forked from, how many forks it has, and how its pull requests are merged (NULL: in every way).
ALTER TABLE repositories ADD COLUMN fork_of_id BIGINT REFERENCES repositories (id) ON DELETE SET NULL;
ALTER TABLE repositories ADD COLUMN forks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN open_pulls BIGINT NOT NULL DEFAULT 0;
-- Closed without being merged.
ALTER TABLE repositories ADD COLUMN closed_pulls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN merged_pulls BIGINT NOT NULL DEFAULT 0;
ALTER TABLE repositories ADD COLUMN merge_settings TEXT;

CREATE INDEX repositories_by_origin ON repositories (fork_of_id) WHERE fork_of_id IS NOT NULL;

-- What threads of a repository work towards together.
CREATE TABLE milestones (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT,
    closed_at BIGINT,
    open_threads BIGINT NOT NULL,
    closed_threads BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX milestones_by_repository ON milestones (repository_id, state, due_at);

ALTER TABLE threads ADD COLUMN milestone_id BIGINT REFERENCES milestones (id) ON DELETE SET NULL;
CREATE INDEX threads_by_milestone ON threads (milestone_id) WHERE milestone_id IS NOT NULL;

-- Lists of one kind of thread.
DROP INDEX threads_by_repository;
CREATE INDEX threads_by_kind ON threads (repository_id, kind, created_at, id);
CREATE INDEX threads_by_change ON threads (repository_id, kind, updated_at, id);
-- What somebody has begun, over all repositories.
CREATE INDEX threads_by_author ON threads (author_id, kind, id);

-- What only a pull request has.
CREATE TABLE pull_requests (
    thread_id BIGINT PRIMARY KEY REFERENCES threads (id) ON DELETE CASCADE,
    -- The thread's repository, which has the base branch.
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    is_draft BOOLEAN NOT NULL,
    -- NULL: the fork is gone.
    head_repository_id BIGINT REFERENCES repositories (id) ON DELETE SET NULL,
    head_branch TEXT NOT NULL,
    head_id TEXT NOT NULL,
    base_branch TEXT NOT NULL,
    base_id TEXT NOT NULL,
    -- NULL: not known yet, or the two have no common ancestor.
    merge_base_id TEXT,
    -- The number of its newest version.
    version BIGINT NOT NULL,
    -- Whether checked_head_id merges into checked_base_id, and otherwise what is in the way.
    merge_check TEXT NOT NULL,
    checked_head_id TEXT,
    checked_base_id TEXT,
    conflicts TEXT,
    allows_maintainer_edit BOOLEAN NOT NULL,
    merged_at BIGINT,
    merged_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    merge_commit_id TEXT,
    merge_method TEXT,
    closed_at BIGINT,
    -- The merge that waits for its conditions, and whose it is.
    auto_merge TEXT,
    auto_merge_by BIGINT REFERENCES users (id) ON DELETE SET NULL
) WITHOUT ROWID;

CREATE INDEX pull_requests_by_state ON pull_requests (repository_id, state, thread_id);
CREATE INDEX pull_requests_by_base ON pull_requests (repository_id, base_branch, state);
CREATE INDEX pull_requests_by_head ON pull_requests (head_repository_id, head_branch, state);
CREATE INDEX pull_requests_by_commit ON pull_requests (merge_commit_id) WHERE merge_commit_id IS NOT NULL;
-- A branch is asked to be merged into another once at a time.
CREATE UNIQUE INDEX pull_requests_open ON pull_requests (repository_id, base_branch, head_repository_id, head_branch) WHERE state = 'open';

-- Each head that was pushed; it stays reachable.
CREATE TABLE pull_request_versions (
    thread_id BIGINT NOT NULL REFERENCES pull_requests (thread_id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    head_id TEXT NOT NULL,
    base_id TEXT NOT NULL,
    merge_base_id TEXT,
    -- The identity of its diff. NULL: not computed yet, or over a bound.
    patch_id TEXT,
    pusher_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    -- Whether it does not contain the version before it.
    is_forced BOOLEAN NOT NULL,
    commits BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, number)
);

-- What people say of a version. Pending: only its author sees it yet.
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thread_id BIGINT NOT NULL REFERENCES pull_requests (thread_id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    state TEXT NOT NULL,
    -- NULL while it is pending.
    verdict TEXT,
    version BIGINT NOT NULL,
    body TEXT NOT NULL,
    -- Counts edits of the body.
    edit_version BIGINT NOT NULL,
    -- When an approval ceased to count because the diff changed.
    lapsed_at BIGINT,
    dismissed_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    dismissal TEXT,
    submitted_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX reviews_by_thread ON reviews (thread_id, id);
CREATE INDEX reviews_by_author ON reviews (author_id, thread_id);
CREATE UNIQUE INDEX reviews_pending ON reviews (thread_id, author_id) WHERE state = 'pending';

-- Comments on lines of one side of a file, and the replies to them.
CREATE TABLE line_comments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    review_id BIGINT NOT NULL REFERENCES reviews (id) ON DELETE CASCADE,
    thread_id BIGINT NOT NULL REFERENCES pull_requests (thread_id) ON DELETE CASCADE,
    author_id BIGINT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    -- The first comment of its line thread. NULL: it is the first itself.
    reply_to BIGINT REFERENCES line_comments (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    side TEXT NOT NULL,
    first_line BIGINT NOT NULL,
    last_line BIGINT NOT NULL,
    version BIGINT NOT NULL,
    -- The lines that it is about, as they were.
    quoted TEXT NOT NULL,
    body TEXT NOT NULL,
    -- Counts edits of the body.
    edit_version BIGINT NOT NULL,
    -- Of the line thread, on its first comment.
    resolved_at BIGINT,
    resolved_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX line_comments_by_thread ON line_comments (thread_id, id);
CREATE INDEX line_comments_by_review ON line_comments (review_id);
CREATE INDEX line_comments_by_first ON line_comments (reply_to) WHERE reply_to IS NOT NULL;

-- Where a comment stands in a later version. Without a path: its lines are gone there.
CREATE TABLE line_comment_places (
    line_comment_id BIGINT NOT NULL REFERENCES line_comments (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    path TEXT,
    side TEXT NOT NULL,
    first_line BIGINT,
    last_line BIGINT,
    PRIMARY KEY (line_comment_id, version)
);

-- Whose review is asked for: a person's or a team's.
CREATE TABLE review_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    thread_id BIGINT NOT NULL REFERENCES pull_requests (thread_id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    team_id BIGINT REFERENCES teams (id) ON DELETE CASCADE,
    requested_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    is_by_code_owners BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX review_requests_of_person ON review_requests (thread_id, user_id);
CREATE UNIQUE INDEX review_requests_of_team ON review_requests (thread_id, team_id);
CREATE INDEX review_requests_by_person ON review_requests (user_id);
CREATE INDEX review_requests_by_team ON review_requests (team_id);

-- Files that somebody has ticked as viewed, as long as their changes have this identity.
CREATE TABLE viewed_files (
    thread_id BIGINT NOT NULL REFERENCES pull_requests (thread_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    identity TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, user_id, path)
);

-- The newest version whose files somebody has looked at.
CREATE TABLE review_visits (
    thread_id BIGINT NOT NULL REFERENCES pull_requests (thread_id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, user_id)
);

-- What is demanded of branches or tags whose names match a pattern.
CREATE TABLE branch_rules (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    pattern TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (repository_id, kind, pattern)
);
