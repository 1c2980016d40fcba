-- Who leads, where several servers share one database. The holder counts `renewals` up while it is there.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    -- Empty: nobody.
    holder TEXT NOT NULL,
    renewals BIGINT NOT NULL
);
