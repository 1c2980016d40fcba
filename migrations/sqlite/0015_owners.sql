-- Owners are people and organisations, in one space of names. What pointed at a person who owns things points at an owner from now on.
ALTER TABLE users RENAME TO owners;
ALTER TABLE owners ADD COLUMN kind TEXT NOT NULL DEFAULT 'user';
ALTER TABLE owners RENAME COLUMN biography TO description;

-- What makes an owner a person.
CREATE TABLE users (
    id BIGINT PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    is_email_hidden BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    is_admin BOOLEAN NOT NULL,
    is_blocked BOOLEAN NOT NULL,
    language TEXT,
    theme TEXT
);

INSERT INTO users (id, email, email_key, is_email_hidden, password_hash, is_admin, is_blocked, language, theme)
    SELECT id, email, email_key, is_email_hidden, password_hash, is_admin, is_blocked, language, theme FROM owners;

ALTER TABLE owners DROP COLUMN email;
ALTER TABLE owners DROP COLUMN is_email_hidden;
ALTER TABLE owners DROP COLUMN password_hash;
ALTER TABLE owners DROP COLUMN is_admin;
ALTER TABLE owners DROP COLUMN is_blocked;
ALTER TABLE owners DROP COLUMN language;
ALTER TABLE owners DROP COLUMN theme;

-- What an owner's namespace in a cluster is called after. It stays when the owner is renamed, and nobody else ever gets it.
ALTER TABLE owners RENAME COLUMN email_key TO namespace;
UPDATE owners SET namespace = name;

-- Namespaces of owners who are gone, in lower case.
CREATE TABLE retired_namespaces (
    namespace TEXT PRIMARY KEY
);

-- Names that were an owner's. Whoever takes one anew has it.
CREATE TABLE owner_redirects (
    name_key TEXT PRIMARY KEY,
    owner_id BIGINT NOT NULL REFERENCES owners (id) ON DELETE CASCADE
);

-- What makes an owner an organisation.
CREATE TABLE organizations (
    id BIGINT PRIMARY KEY REFERENCES owners (id) ON DELETE CASCADE,
    -- public, or private: its members alone know of it.
    visibility TEXT NOT NULL,
    created_by BIGINT REFERENCES users (id) ON DELETE SET NULL
);

CREATE INDEX organizations_by_creator ON organizations (created_by);

-- Who is in a team of it.
CREATE TABLE organization_members (
    organization_id BIGINT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Whether everybody may know.
    is_public BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (organization_id, user_id)
);

CREATE INDEX organization_members_by_user ON organization_members (user_id);

CREATE TABLE teams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    description TEXT NOT NULL,
    -- The team of the owners: there is always one, and somebody in it.
    is_owners BOOLEAN NOT NULL,
    has_all_repositories BOOLEAN NOT NULL,
    may_create_repositories BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (organization_id, name_key)
);

CREATE TABLE team_members (
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, user_id)
);

CREATE INDEX team_members_by_user ON team_members (user_id);

-- Where a team works that has not all repositories.
CREATE TABLE team_repositories (
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, repository_id)
);

CREATE INDEX team_repositories_by_repository ON team_repositories (repository_id);

-- What a team may do where it works: a unit, or * for all of them.
CREATE TABLE team_grants (
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    unit TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (team_id, unit)
);

-- What a person was given in one repository.
CREATE TABLE repository_grants (
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    unit TEXT NOT NULL,
    permission TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (repository_id, user_id, unit)
);

CREATE INDEX repository_grants_by_user ON repository_grants (user_id);

INSERT INTO repository_grants (repository_id, user_id, unit, permission, created_at)
    SELECT repository_id, user_id, '*', permission, created_at FROM collaborators;

DROP TABLE collaborators;

-- The one relation of who may do what in which repository, whatever they have it by. Everything that asks for it reads this.
CREATE VIEW grants AS
    SELECT r.owner_id AS user_id, r.id AS repository_id, '*' AS unit, 'administer' AS permission FROM repositories r
    UNION ALL
    SELECT c.user_id, c.repository_id, c.unit, c.permission FROM repository_grants c
    UNION ALL
    SELECT m.user_id, r.id, g.unit, g.permission FROM repositories r JOIN teams t ON t.organization_id = r.owner_id
        JOIN team_members m ON m.team_id = t.id JOIN team_grants g ON g.team_id = t.id
        WHERE t.has_all_repositories OR EXISTS (SELECT 1 FROM team_repositories c WHERE c.team_id = t.id AND c.repository_id = r.id);

-- Somebody who is asked to join: a person of this site, or whoever gets the letter.
CREATE TABLE organization_invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    email TEXT,
    -- Of the link in the letter; none until it was sent.
    code_hash TEXT UNIQUE,
    invited_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX organization_invitations_by_organization ON organization_invitations (organization_id, id);
CREATE INDEX organization_invitations_by_user ON organization_invitations (user_id, id);

-- When people invited by e-mail, for as long as it counts against a limit.
CREATE TABLE invitation_emails (
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    sent_at BIGINT NOT NULL
);

CREATE INDEX invitation_emails_by_user ON invitation_emails (user_id, sent_at);

-- A repository that somebody wants to give to another owner, who has not answered yet.
CREATE TABLE repository_transfers (
    repository_id BIGINT PRIMARY KEY REFERENCES repositories (id) ON DELETE CASCADE,
    new_owner_id BIGINT NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    asked_by BIGINT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX repository_transfers_by_owner ON repository_transfers (new_owner_id, repository_id);

-- What an owner shows first on its page.
CREATE TABLE pinned_repositories (
    owner_id BIGINT NOT NULL REFERENCES owners (id) ON DELETE CASCADE,
    repository_id BIGINT NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
    place BIGINT NOT NULL,
    PRIMARY KEY (owner_id, repository_id)
);
