-- An object that arrives in parts of a fixed size, in any order. 0: each piece begins where the one before it ended.
ALTER TABLE lfs_uploads ADD COLUMN part_bytes BIGINT NOT NULL DEFAULT 0;

-- What the large files of an owner may take instead of what the site allows everybody. 0: there is no limit for them.
ALTER TABLE owners ADD COLUMN lfs_bytes BIGINT;
