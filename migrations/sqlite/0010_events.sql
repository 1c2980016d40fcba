-- What happened, for everybody who follows it. An event is written with the rows that it is about, and then given to every subscriber.
ALTER TABLE events ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- Who may ever see it: repository (its readers), account (that person), administrators.
ALTER TABLE events ADD COLUMN audience TEXT NOT NULL DEFAULT 'administrators';
ALTER TABLE events ADD COLUMN account_id BIGINT REFERENCES users (id) ON DELETE CASCADE;
-- Whether everybody could read the repository when it happened.
ALTER TABLE events ADD COLUMN was_public BOOLEAN NOT NULL DEFAULT FALSE;
-- What it is about: account, repository, issue or task, and its number.
ALTER TABLE events ADD COLUMN subject TEXT NOT NULL DEFAULT 'repository';
ALTER TABLE events ADD COLUMN subject_id BIGINT NOT NULL DEFAULT 0;
-- Its place in the stream, given in the order of commits. None: it was not given to subscribers yet.
ALTER TABLE events ADD COLUMN position BIGINT;

UPDATE events SET position = id, subject_id = COALESCE(repository_id, actor_id, 0);
UPDATE events SET subject = 'account' WHERE repository_id IS NULL;
UPDATE events SET audience = 'repository', was_public = repository_id IN (SELECT id FROM repositories WHERE visibility = 'public')
    WHERE repository_id IS NOT NULL;
UPDATE events SET audience = 'account', account_id = actor_id WHERE repository_id IS NULL AND actor_id IS NOT NULL;

CREATE UNIQUE INDEX events_by_position ON events (position);

-- Events that are still to be given to subscribers.
CREATE TABLE event_outbox (
    event_id BIGINT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE
);

-- One row: the last position that was given.
CREATE TABLE event_position (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    last BIGINT NOT NULL
);

INSERT INTO event_position (id, last) SELECT 1, COALESCE(MAX(id), 0) FROM events;

-- Jobs stand in queues that do not wait for each other. A lease is the number of the run that holds the job.
ALTER TABLE jobs ADD COLUMN queue TEXT NOT NULL DEFAULT 'housekeeping';
ALTER TABLE jobs ADD COLUMN lease BIGINT NOT NULL DEFAULT 0;

UPDATE jobs SET queue = 'repositories' WHERE kind IN ('refresh_repository', 'settle_publication');
UPDATE jobs SET queue = 'tasks' WHERE kind IN ('seal_record', 'store_outputs');

DROP INDEX jobs_by_time;
CREATE INDEX jobs_by_queue ON jobs (queue, failed_at, run_at);

-- When what is done regularly is due next.
CREATE TABLE schedules (
    name TEXT PRIMARY KEY,
    next_at BIGINT NOT NULL
);

-- The feed that people look at: those events that are shown in it.
CREATE TABLE activities (
    event_id BIGINT PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    actor_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    was_public BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX activities_by_actor ON activities (actor_id, event_id);
CREATE INDEX activities_by_repository ON activities (repository_id, event_id);

INSERT INTO activities (event_id, actor_id, repository_id, was_public, created_at)
    SELECT id, actor_id, repository_id, was_public, created_at FROM events
    WHERE repository_id IS NOT NULL AND kind IN ('repository.created', 'push', 'issue.opened', 'issue.closed', 'issue.reopened',
        'issue.commented', 'task.launched', 'model.published');
