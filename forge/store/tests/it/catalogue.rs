//! Images and specs: what the machine offers, and what an administrator changed.

use hearth_store::{
    Error,
    image::{self, Image, NewImage},
    image_check::{self, ImageCheck},
    image_variant::{self, ImageVariant},
    spec::{self, NewSpec, Spec},
    task,
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, new_task, test_start};

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
            created_at: test_start(),
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
            card_memory_bytes: 0,
            cpus: 1,
            memory_bytes: 1 << 30,
            shared_memory_bytes: 1 << 28,
            created_at: test_start(),
        };
        spec::insert_if_new(&mut writer, &small).await.expect("kept");
        assert!(spec::set_on_shelf(&mut writer, "cpu-1", false).await.expect("an answer"));
        spec::insert_if_new(&mut writer, &NewSpec { cpus: 9, ..small.clone() }).await.expect("ignored");
        assert_eq!(spec::list_on_shelf(&mut writer).await.expect("rows"), []);
        let found = spec::find_by_code(&mut writer, "cpu-1").await.expect("an answer").expect("there");
        assert_eq!((found.cpus, found.is_on_shelf), (1, false));
        assert_eq!(spec::list(&mut writer).await.expect("rows"), std::slice::from_ref(&found));

        let any = NewSpec { code: "any-2".into(), cards: 2, card_memory_bytes: 24 << 30, ..small };
        spec::insert(&mut writer, &any, true).await.expect("kept");
        let changed = Spec { memory_bytes: 3 << 30, is_on_shelf: true, ..found };
        assert!(spec::update(&mut writer, &changed).await.expect("an answer"));
        let listed = spec::list_on_shelf(&mut writer).await.expect("rows");
        assert_eq!(listed[0], changed);
        assert_eq!((listed[1].accelerator.as_deref(), listed[1].card_memory_bytes), (None, 24 << 30));
        assert!(matches!(spec::insert(&mut writer, &any, true).await, Err(Error::Taken)));
    }
}

#[tokio::test]
async fn an_image_that_an_administrator_wrote_is_off_until_he_switches_it_on() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let torch = NewImage {
            code: "pytorch".into(),
            label: "PyTorch".into(),
            framework: "pytorch".into(),
            framework_version: String::new(),
            python_version: String::new(),
            interpreter: None,
            reference: None,
            digest: None,
            created_at: test_start(),
        };
        let id = image::insert_if_new(&mut writer, &torch).await.expect("kept").expect("it is new");
        assert_eq!(image::insert_if_new(&mut writer, &torch).await.expect("an answer"), None);
        let found = image::find_by_code(&mut writer, "pytorch").await.expect("an answer").expect("there");
        assert_eq!((found.id, found.is_enabled, found.is_available), (id, false, true));
        let on = Image { is_enabled: true, framework_version: "2.8".into(), ..found };
        assert!(image::update(&mut writer, &on).await.expect("an answer"));
        assert!(
            !image::update(&mut writer, &Image { code: "none".into(), ..on.clone() })
                .await
                .expect("an answer")
        );
        assert_eq!(image::list_usable(&mut writer).await.expect("rows"), [on]);
    }
}

#[tokio::test]
async fn a_digest_counts_for_the_reference_that_it_was_asked_of() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let image_id = insert_image(&mut writer).await;
        let cuda = ImageVariant {
            image_id,
            family: "cuda".into(),
            toolkit: "CUDA 12.4".into(),
            reference: "images.example.org/torch:2".into(),
            digest: None,
            is_enabled: true,
            created_at: test_start(),
        };
        image_variant::put(&mut writer, &cuda).await.expect("kept");
        let digest = "sha256:00";
        let mut note = async |reference: &str| {
            image_variant::set_digest(&mut writer, image_id, "cuda", reference, digest)
                .await
                .expect("an answer")
        };
        assert!(!note("images.example.org/torch:1").await);
        assert!(note("images.example.org/torch:2").await);
        let found =
            image_variant::find(&mut writer, image_id, "cuda").await.expect("an answer").expect("there");
        assert_eq!(found.digest.as_deref(), Some(digest));
        image_variant::put(&mut writer, &ImageVariant { is_enabled: false, ..cuda.clone() })
            .await
            .expect("kept");
        let listed = image_variant::list_of_image(&mut writer, image_id).await.expect("rows");
        assert_eq!(listed, [ImageVariant { is_enabled: false, ..cuda }]);
        assert_eq!(image_variant::list(&mut writer).await.expect("rows"), listed);
        assert!(image_variant::delete(&mut writer, image_id, "cuda").await.expect("an answer"));
        assert!(!image_variant::delete(&mut writer, image_id, "cuda").await.expect("an answer"));
    }
}

#[tokio::test]
async fn the_last_smoke_task_of_an_image_is_the_one_that_counts() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "smoke").await;
        let image_id = insert_image(&mut writer).await;
        let mut tasks = Vec::new();
        for name in ["first", "second"] {
            let task_id = task::insert(&mut writer, &new_task(code, mei.id, name)).await.expect("kept");
            let check = ImageCheck {
                image_id,
                accelerator_code: "cpu".into(),
                task_id: Some(task_id),
                has_passed: None,
                checked_at: test_start(),
            };
            image_check::begin(&mut writer, &check).await.expect("kept");
            tasks.push(task_id);
        }
        assert!(!image_check::end(&mut writer, tasks[0], true, test_start()).await.expect("an answer"));
        assert!(image_check::end(&mut writer, tasks[1], false, test_start()).await.expect("an answer"));
        let listed = image_check::list(&mut writer).await.expect("rows");
        assert_eq!((listed.len(), listed[0].has_passed), (1, Some(false)));
        image_check::forget(&mut writer, tasks[0]).await.expect("it was no check any more");
        assert_eq!(image_check::list(&mut writer).await.expect("rows").len(), 1);
        task::delete(&mut writer, tasks[1]).await.expect("gone");
        assert_eq!(image_check::list(&mut writer).await.expect("rows")[0].task_id, None);
    }
}

async fn insert_image(writer: &mut hearth_store::Writer) -> i64 {
    let new = NewImage {
        code: "torch".into(),
        label: "Torch".into(),
        framework: "pytorch".into(),
        framework_version: "2".into(),
        python_version: "3.11".into(),
        interpreter: None,
        reference: None,
        digest: None,
        created_at: test_start(),
    };
    image::insert_if_new(writer, &new).await.expect("kept").expect("it is new")
}
