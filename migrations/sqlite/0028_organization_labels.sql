-- Labels that the repositories of an organisation begin with. Each repository gets copies, which are its own from then on.
CREATE TABLE organization_labels (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    organization_id BIGINT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    color TEXT NOT NULL,
    description TEXT NOT NULL,
    is_exclusive BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (organization_id, name_key)
);
