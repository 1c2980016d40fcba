-- Whose quota and turns an attempt counts against, decided when it is admitted. NULL in older attempts: the
-- owner of the repository.
ALTER TABLE attempts ADD COLUMN payer_id BIGINT REFERENCES owners (id) ON DELETE SET NULL;
