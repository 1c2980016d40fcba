-- Whose quota and turns an attempt counts against, decided when it is admitted. NULL: the owner of the repository.
ALTER TABLE attempts ADD COLUMN payer_id BIGINT REFERENCES owners (id) ON DELETE SET NULL;

UPDATE attempts SET payer_id =
    (SELECT r.owner_id FROM tasks t JOIN repositories r ON r.id = t.repository_id WHERE t.id = attempts.task_id)
    WHERE ended_at IS NULL;

CREATE INDEX attempts_by_payer ON attempts (payer_id);
