-- Where a change came from. NULL: the server itself, or its operator at the command line.
ALTER TABLE audit_entries ADD COLUMN address TEXT;
-- Whose own security log the entry is in: the account whose password, tokens, keys, sessions or rights changed.
ALTER TABLE audit_entries ADD COLUMN account_id BIGINT REFERENCES users (id) ON DELETE SET NULL;

CREATE INDEX audit_entries_by_account ON audit_entries (account_id, id);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_by_time ON audit_entries (created_at);

-- When people last had their start page open, and from when on it shows them what ended.
CREATE TABLE dashboard_visits (
    user_id BIGINT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    news_since BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);

-- What waits for somebody, on their start page.
CREATE INDEX thread_assignees_by_user ON thread_assignees (user_id);
