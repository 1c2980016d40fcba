use hearth_store::{Ask as _, Store};

#[tokio::test]
async fn a_statement_is_planned_once_however_often_its_arguments_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::sqlite(&folder.path().join("hearth.db")).await.expect("opens");
    let mut reader = store.read().await.expect("a reader");
    let options: Vec<(String,)> =
        reader.query("SELECT compile_options FROM pragma_compile_options").fetch_all().await.expect("a list");
    let has = |name: &str| options.iter().any(|(option,)| option == name);
    let is_so_built = has("ENABLE_QPSG") && !has("ENABLE_STAT4") && !has("ENABLE_MEMORY_MANAGEMENT");
    assert!(
        is_so_built,
        "cargo did not read .cargo/config.toml, which it looks for from where it is run: {options:?}"
    );
}
