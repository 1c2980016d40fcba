//! Images and specs: what the machine offers, and what an administrator made of it.

use hearth_store::{
    image::{self, NewImage},
    spec::{self, NewSpec},
    testing::TestStore,
};

use crate::support::noon;

#[tokio::test]
async fn an_image_that_is_gone_is_not_offered_and_one_that_is_off_stays_off() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let python = NewImage {
            code: "python-3.11".into(),
            label: "Python 3.11".into(),
            framework: "python".into(),
            framework_version: "3.11.2".into(),
            python_version: "3.11.2".into(),
            interpreter: Some("/usr/bin/python3".into()),
            reference: None,
            digest: None,
            created_at: noon(),
        };
        image::note(&mut writer, &python).await.expect("kept");
        assert_eq!(image::list_usable(&mut writer).await.expect("rows").len(), 1);
        image::forget_local(&mut writer).await.expect("kept");
        assert_eq!(image::list_usable(&mut writer).await.expect("rows"), []);
        assert!(image::set_enabled(&mut writer, "python-3.11", false).await.expect("an answer"));
        image::note(&mut writer, &python).await.expect("kept");
        assert_eq!(image::list_usable(&mut writer).await.expect("rows"), []);
        let found = image::find_by_code(&mut writer, "python-3.11").await.expect("an answer").expect("there");
        assert!(found.is_available && !found.is_enabled);
        assert_eq!(image::list(&mut writer).await.expect("rows"), [found]);
    }
}

#[tokio::test]
async fn a_spec_keeps_what_an_administrator_wrote() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let small = NewSpec {
            code: "cpu-1".into(),
            accelerator: None,
            cards: 0,
            cpus: 1,
            memory_bytes: 1 << 30,
            shared_memory_bytes: 1 << 28,
            created_at: noon(),
        };
        spec::insert_if_new(&mut writer, &small).await.expect("kept");
        assert!(spec::set_on_shelf(&mut writer, "cpu-1", false).await.expect("an answer"));
        spec::insert_if_new(&mut writer, &NewSpec { cpus: 9, ..small }).await.expect("ignored");
        assert_eq!(spec::list_on_shelf(&mut writer).await.expect("rows"), []);
        let found = spec::find_by_code(&mut writer, "cpu-1").await.expect("an answer").expect("there");
        assert_eq!((found.cpus, found.is_on_shelf), (1, false));
        assert_eq!(spec::list(&mut writer).await.expect("rows"), [found]);
    }
}
