CREATE TABLE images (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    framework TEXT NOT NULL,
    framework_version TEXT NOT NULL,
    python_version TEXT NOT NULL,
    -- What the image is on the local engine: the path of an interpreter.
    interpreter TEXT,
    -- What it is on a cluster.
    reference TEXT,
    digest TEXT,
    -- The administrator's switch.
    is_enabled BOOLEAN NOT NULL,
    -- Whether the machine had it when the server last looked.
    is_available BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE specs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    accelerator TEXT,
    cards BIGINT NOT NULL,
    cpus BIGINT NOT NULL,
    memory_bytes BIGINT NOT NULL,
    shared_memory_bytes BIGINT NOT NULL,
    is_on_shelf BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    creator_id BIGINT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    priority BIGINT NOT NULL,
    -- What people chose, and what it was pinned to.
    revision TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    patch TEXT,
    boot_file TEXT NOT NULL,
    parameters TEXT NOT NULL,
    image_code TEXT NOT NULL,
    spec_code TEXT NOT NULL,
    accelerator TEXT,
    cards BIGINT NOT NULL,
    cpus BIGINT NOT NULL,
    memory_bytes BIGINT NOT NULL,
    has_network BOOLEAN NOT NULL,
    time_limit_seconds BIGINT,
    seed BIGINT,
    -- A launch that is sent twice with the same key is one task.
    request_key TEXT,
    -- The task this one repeats or changes.
    parent_id BIGINT REFERENCES tasks (id) ON DELETE SET NULL,
    attempts BIGINT NOT NULL,
    stop_requested_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    stop_requested_at BIGINT,
    stop_reason TEXT,
    created_at BIGINT NOT NULL,
    queued_at BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    updated_at BIGINT NOT NULL,
    UNIQUE (creator_id, request_key)
);

CREATE INDEX tasks_by_repository ON tasks (repository_id, id);
CREATE INDEX tasks_by_state ON tasks (state, priority, queued_at);
CREATE INDEX tasks_by_creator ON tasks (creator_id, id);

CREATE TABLE attempts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- Where it was bound to when its turn came.
    engine TEXT NOT NULL,
    machine TEXT NOT NULL,
    -- The engine's name of it, once the engine has taken it.
    handle TEXT,
    -- All that the agent was asked to do.
    spec TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    exit_code BIGINT,
    -- What the agent told at its end.
    facts TEXT NOT NULL,
    -- How many events of the agent are kept.
    agent_events BIGINT NOT NULL,
    heartbeat_at BIGINT,
    started_at BIGINT,
    ended_at BIGINT,
    -- When its record was closed.
    sealed_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (task_id, number)
);

CREATE INDEX attempts_by_end ON attempts (sealed_at, ended_at);

CREATE TABLE task_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    attempt_number BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX task_events_by_task ON task_events (task_id, id);

CREATE TABLE task_outputs (
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    attempt_number BIGINT NOT NULL,
    path TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (task_id, attempt_number, path)
);

CREATE INDEX task_outputs_by_hash ON task_outputs (sha256);

CREATE TABLE model_versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    version TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    note TEXT NOT NULL,
    creator_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (repository_id, version)
);

-- The lineage: which repository at which commit went into a task, and which came out of it.
CREATE TABLE task_links (
    task_id BIGINT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
    direction TEXT NOT NULL,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    commit_id TEXT NOT NULL,
    version TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (task_id, direction, repository_id, commit_id)
);

CREATE INDEX task_links_by_repository ON task_links (repository_id, task_id);
