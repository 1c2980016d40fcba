-- What people keep in mind of repositories, and the words under which they are found.

-- Who stars a repository, and who watches it: one row for each.
CREATE TABLE repository_interests (
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- star or watch
    interest TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (repository_id, interest, user_id)
);

CREATE INDEX repository_interests_by_user ON repository_interests (user_id, interest);

CREATE TABLE repository_topics (
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    topic TEXT NOT NULL,
    PRIMARY KEY (repository_id, topic)
);

CREATE INDEX repository_topics_by_topic ON repository_topics (topic);
