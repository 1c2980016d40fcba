-- OpenPGP keys of people. Public keys are public, so anybody may upload anybody's: a key counts once its owner has
-- signed with it, and only one person's does.
CREATE TABLE gpg_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    certificate TEXT NOT NULL,
    is_proven BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (user_id, fingerprint)
);

CREATE UNIQUE INDEX gpg_keys_proven ON gpg_keys (fingerprint) WHERE is_proven;

-- The keys in a certificate that may sign.
CREATE TABLE gpg_signing_keys (
    gpg_key_id BIGINT NOT NULL REFERENCES gpg_keys (id) ON DELETE CASCADE,
    key_id TEXT NOT NULL,
    PRIMARY KEY (gpg_key_id, key_id)
);

CREATE INDEX gpg_signing_keys_by_key_id ON gpg_signing_keys (key_id);
