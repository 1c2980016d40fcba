//! Both schemas are the same: tables, columns, nullability and unique keys.

use hearth_store::{Ask as _, Error, Sql, Store, testing::TestStore};

const COLUMNS: Sql = Sql {
    sqlite: "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" = 1 OR c.pk > 0 THEN ' required' ELSE ' optional' END \
             FROM sqlite_master t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY 1",
    postgres: "SELECT table_name || '.' || column_name || CASE WHEN is_nullable = 'NO' THEN ' required' ELSE ' optional' END \
             FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) \
               WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_sqlx%' ORDER BY 1",
};

const INDEXES: Sql = Sql {
    sqlite: "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
    postgres: "SELECT c.relname::TEXT FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid \
               JOIN pg_namespace n ON n.oid = c.relnamespace \
               WHERE n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = c.oid) ORDER BY 1",
};

const UNIQUE_KEYS: Sql = Sql {
    sqlite: "SELECT t.name || '(' || (SELECT group_concat(name, ',') FROM \
             (SELECT name FROM pragma_index_info(i.name) ORDER BY name)) || ')' \
             FROM sqlite_master t, pragma_index_list(t.name) i \
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND i.\"unique\" = 1 ORDER BY 1",
    postgres: "SELECT t.relname || '(' || string_agg(a.attname, ',' ORDER BY a.attname) || ')' \
               FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey) \
               WHERE n.nspname = 'public' AND i.indisunique AND t.relname NOT LIKE '\\_sqlx%' \
               AND NOT (i.indisprimary AND i.indnatts = 1 AND a.attname = 'id' AND a.attidentity <> '') \
               GROUP BY t.relname, i.indexrelid ORDER BY 1",
};

async fn lines(store: &Store, sql: Sql) -> Vec<String> {
    let mut reader = store.read().await.expect("a reader");
    let mut lines: Vec<String> = reader
        .query(sql)
        .fetch_all::<(String,)>()
        .await
        .expect("rows")
        .into_iter()
        .map(|(line,)| line)
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn both_engines_have_one_schema() {
    let sqlite = TestStore::sqlite().await;
    let Some(postgres) = TestStore::postgres().await else { return };
    for what in [COLUMNS, INDEXES, UNIQUE_KEYS] {
        assert_eq!(lines(&sqlite.store, what).await, lines(&postgres.store, what).await);
    }
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let before = lines(store, COLUMNS).await;
        store.migrate().await.expect("nothing to do");
        assert_eq!(lines(store, COLUMNS).await, before);
    }
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        writer
            .query(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 9999, 'from the future', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1",
            )
            .execute()
            .await
            .expect("a row");
        writer.commit().await.expect("kept");
        let refused = store.migrate().await;
        assert!(matches!(refused, Err(Error::NewerSchema { found: 9999, .. })), "{refused:?}");
    }
}

#[tokio::test]
async fn a_reader_cannot_write() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut reader = store.read().await.expect("a reader");
        assert!(reader.query("DELETE FROM settings").execute().await.is_err());
    }
}
