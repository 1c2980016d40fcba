-- A kind of cards as its device plugin calls it. Rows are shipped, and an administrator's to change.
CREATE TABLE accelerators (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    vendor TEXT NOT NULL,
    label TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    -- Which variant of an image runs on it: cuda, rocm, cann, …
    family TEXT NOT NULL,
    -- Labels of a node that tell the model of its cards and the memory of one in MiB.
    model_label TEXT,
    memory_label TEXT,
    runtime_class TEXT,
    tolerations TEXT NOT NULL,
    environment TEXT NOT NULL,
    mounts TEXT NOT NULL,
    probe_command TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Machines of one model of cards, or without cards, reached through one engine.
CREATE TABLE pools (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    engine TEXT NOT NULL,
    accelerator_code TEXT,
    -- As the node's label or the machine itself tells it; empty: any.
    model TEXT NOT NULL,
    -- Of one card; 0: as the machine tells.
    card_memory_bytes BIGINT NOT NULL,
    -- Labels that a machine of the pool has.
    node_selector TEXT NOT NULL,
    -- Where Kueue does the queueing.
    local_queue TEXT,
    -- Cards that Hearth leaves to others.
    reserved_cards BIGINT NOT NULL,
    is_paused BOOLEAN NOT NULL,
    pause_message TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What a kind of task may use where, and who may. A kind without a scene may use everything on the shelf.
CREATE TABLE scenes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    pool_code TEXT,
    -- For this owner alone.
    owner_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    spec_codes TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What an owner may hold at once and use in a week. Without an owner: everybody who has no row of their own.
CREATE TABLE quotas (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL UNIQUE,
    owner_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    -- None: all cards together.
    accelerator_code TEXT,
    nominal_cards BIGINT NOT NULL,
    -- Beyond the nominal share, from what others leave; none: without a limit.
    borrow_cards BIGINT,
    -- Of the nominal share, to others; none: all of it.
    lend_cards BIGINT,
    weekly_card_seconds BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Card-seconds of every owner, week by week.
CREATE TABLE card_usages (
    owner_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    accelerator_code TEXT NOT NULL,
    week_start BIGINT NOT NULL,
    card_seconds BIGINT NOT NULL,
    PRIMARY KEY (owner_id, accelerator_code, week_start)
);

-- What an image is on one family of cards (or cpu).
CREATE TABLE image_variants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id BIGINT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    family TEXT NOT NULL,
    -- CUDA 12.4, CANN 8.0, …
    toolkit TEXT NOT NULL,
    reference TEXT NOT NULL,
    digest TEXT,
    is_enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (image_id, family)
);

-- The last smoke task of an image on a kind of cards.
CREATE TABLE image_checks (
    image_id BIGINT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    accelerator_code TEXT NOT NULL,
    task_id BIGINT REFERENCES tasks (id) ON DELETE SET NULL,
    has_passed BOOLEAN,
    checked_at BIGINT NOT NULL,
    PRIMARY KEY (image_id, accelerator_code)
);

-- Every change that an administrator makes, with what was there before.
CREATE TABLE audit_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    actor_id BIGINT REFERENCES users (id) ON DELETE SET NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT,
    created_at BIGINT NOT NULL
);

CREATE INDEX audit_entries_by_subject ON audit_entries (subject_kind, subject, id);

-- How long a task was told it would wait, and how long it did.
CREATE TABLE wait_forecasts (
    task_id BIGINT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    spec_code TEXT NOT NULL,
    place BIGINT NOT NULL,
    low_seconds BIGINT NOT NULL,
    high_seconds BIGINT NOT NULL,
    waited_seconds BIGINT,
    created_at BIGINT NOT NULL
);

CREATE INDEX wait_forecasts_by_spec ON wait_forecasts (spec_code, created_at);

-- The nodes of an attempt that has several.
CREATE TABLE attempt_nodes (
    attempt_id BIGINT NOT NULL REFERENCES attempts (id) ON DELETE CASCADE,
    rank BIGINT NOT NULL,
    machine TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    exit_code BIGINT,
    heartbeat_at BIGINT,
    ended_at BIGINT,
    PRIMARY KEY (attempt_id, rank)
);

-- At least this much memory on each card; with it, a spec may name no accelerator and takes any that fits.
ALTER TABLE specs ADD COLUMN card_memory_bytes BIGINT NOT NULL DEFAULT 0;

ALTER TABLE tasks ADD COLUMN card_memory_bytes BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN node_count BIGINT NOT NULL DEFAULT 1;
-- When its place in the queue was given up for another task, and it was told.
ALTER TABLE tasks ADD COLUMN preempted_at BIGINT;

-- The pool that an attempt was bound to; empty for attempts from before there were pools.
ALTER TABLE attempts ADD COLUMN pool_code TEXT NOT NULL DEFAULT '';
-- Where it was bound to, complete: the labels, the device, the queue.
ALTER TABLE attempts ADD COLUMN placement TEXT;

-- One row that whoever admits tasks holds until his transaction ends: it counts the admissions, so that a plan made before
-- somebody else's is seen to be old.
CREATE TABLE admissions (
    id BIGINT PRIMARY KEY,
    count BIGINT NOT NULL
);

INSERT INTO admissions (id, count) VALUES (1, 0);
