-- Repositories that are half made or half removed are looked for all the time, and there are hardly ever any.
CREATE INDEX repositories_pending ON repositories (updated_at) WHERE is_pending;
