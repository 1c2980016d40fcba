-- The branch or Git tag that an issue is about, as Gitea's clients name it. NULL: none.
ALTER TABLE issues ADD COLUMN branch TEXT;
