-- Tasks that rules for branches ask for: what they train again on the head of a pull request, or on its base.
CREATE TABLE retrainings (
    task_id BIGINT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
    rule_id BIGINT NOT NULL REFERENCES branch_rules (id) ON DELETE CASCADE,
    -- The identity of what the rule asked for then: runs of another definition do not count.
    definition TEXT NOT NULL,
    commit_id TEXT NOT NULL
);

CREATE INDEX retrainings_by_rule ON retrainings (rule_id, definition, commit_id);
-- The pull requests whose comparison a run is part of.
CREATE INDEX pull_requests_by_merge_base ON pull_requests (repository_id, merge_base_id) WHERE state = 'open';
