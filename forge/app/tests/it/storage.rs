use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hearth_app::{
    Access, Blobs, DataDisk, Unit, access,
    blobs::{BlobId, Condition, Promise, S3Settings},
    disk::DiskSettings,
    lfs, repository, storage,
    testing::{Choices, TestHearth},
};
use hearth_core::{Dependency, Error, Kind, Limit, RandomSource, Read, SeededRandomSource, TaskId};
use hearth_store::{
    blob as blob_row,
    repository::Repository,
    task,
    task_output::{self, TaskOutput},
    testing,
};
use hearth_test_s3::{ACCESS_KEY, BUCKET, S3Server, SECRET_KEY};
use tokio::io::AsyncReadExt as _;

const LIMIT: Limit = Limit { name: "test", most: 1 << 20, key: "limits.test" };

/// A site whose blobs are in a folder or in a bucket.
struct Site {
    hearth: TestHearth,
    /// `None` means in a folder.
    server: Option<S3Server>,
    _incoming: tempfile::TempDir,
}

impl Site {
    async fn in_folder() -> Self {
        let incoming = tempfile::tempdir().expect("a folder");
        Self { hearth: TestHearth::new().await, server: None, _incoming: incoming }
    }

    async fn in_s3() -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let (server, incoming) = (S3Server::start(), tempfile::tempdir().expect("a folder"));
        let settings = S3Settings {
            endpoint: server.endpoint(),
            bucket: BUCKET.into(),
            region: "us-east-1".into(),
            access_key: ACCESS_KEY.into(),
            secret_key: SECRET_KEY.into(),
            is_path_style: true,
            ..S3Settings::default()
        };
        let disk = DataDisk::of(incoming.path().to_owned(), DiskSettings::default());
        let blobs = Blobs::in_s3(&settings, incoming.path().join("blobs"), Arc::new(disk)).await;
        let blobs = Some(blobs.expect("opens"));
        let hearth = TestHearth::with(Choices { blobs, ..Choices::default() }).await;
        Self { hearth, server: Some(server), _incoming: incoming }
    }

    async fn both() -> [Self; 2] {
        [Self::in_folder().await, Self::in_s3().await]
    }

    /// The folder with its objects, whichever backend stores them.
    fn root(&self) -> PathBuf {
        let id = BlobId::parse(&"0".repeat(64)).expect("an id");
        let path = self.hearth.app.blobs().path(&id);
        let in_folder = || path.expect("a folder").ancestors().nth(3).expect("the store").to_owned();
        self.server.as_ref().map_or_else(in_folder, S3Server::objects)
    }

    /// The file of an object, whichever backend stores it.
    fn file(&self, id: &BlobId) -> PathBuf {
        let hash = id.as_str();
        self.root().join(&hash[..2]).join(&hash[2..4]).join(hash)
    }
}

async fn enter(hearth: &TestHearth, row: &Repository) -> Access<Read> {
    let actor = hearth.actor("mei").await;
    let (owner, name) = (row.owner.as_str(), row.name.as_str());
    access::open(&hearth.app, &actor, Unit::Code, row.kind, owner, name).await.expect("visible")
}

async fn upload(hearth: &TestHearth, row: &Repository, bytes: &[u8]) -> BlobId {
    let access = enter(hearth, row).await.write().expect("its owner");
    let id = id_of(bytes).await;
    lfs::store(&hearth.app, &access, &id, None, bytes).await.expect("stored");
    id
}

/// The id of these bytes, found by storing them elsewhere.
async fn id_of(bytes: &[u8]) -> BlobId {
    let folder = tempfile::tempdir().expect("a folder");
    let disk = DataDisk::of(folder.path().to_owned(), DiskSettings::default());
    let blobs = Blobs::in_folder(folder.path().to_owned(), Arc::new(disk)).await.expect("opens");
    blobs.put(bytes, &Promise::default(), LIMIT).await.expect("stored").id
}

async fn sweep(hearth: &TestHearth) -> storage::Swept {
    storage::sweep(&hearth.app, Duration::ZERO).await.expect("swept")
}

/// Reads the object as a client does.
async fn download(hearth: &TestHearth, row: &Repository, id: &BlobId) -> hearth_core::Result<Vec<u8>> {
    let object = lfs::open(&hearth.app, &enter(hearth, row).await, id).await?;
    let mut bytes = Vec::new();
    object.open().await?.read_to_end(&mut bytes).await.expect("readable");
    Ok(bytes)
}

async fn is_known_as_lost(hearth: &TestHearth, id: &BlobId) -> bool {
    let mut reader = hearth.app.store().read().await.expect("a reader");
    blob_row::find_fault(&mut reader, id.as_str()).await.expect("an answer").is_some()
}

async fn exists(hearth: &TestHearth, id: &BlobId) -> bool {
    hearth.app.blobs().exists(id).await.expect("an answer")
}

fn flip_a_byte(path: &Path) {
    let mut bytes = fs::read(path).expect("readable");
    bytes[0] ^= 1;
    fs::write(path, bytes).expect("written");
}

#[tokio::test]
async fn a_lost_object_is_asked_for_again_and_heals() {
    let incoming = || tempfile::tempdir().expect("a folder");
    let in_folder = TestHearth::all().await.into_iter();
    let mut sites: Vec<Site> =
        in_folder.map(|hearth| Site { hearth, server: None, _incoming: incoming() }).collect();
    sites.push(Site::in_s3().await);
    for site in sites {
        let hearth = &site.hearth;
        let row = hearth.repository("mei/llm").await;
        let id = upload(hearth, &row, b"weights").await;
        let access = enter(hearth, &row).await;
        let held = lfs::held(&hearth.app, &access, std::slice::from_ref(&id)).await.expect("an answer");
        assert_eq!(held[id.as_str()], lfs::Held { size_bytes: 7, is_here: true });

        fs::remove_file(site.file(&id)).expect("removed");
        let held = lfs::held(&hearth.app, &access, std::slice::from_ref(&id)).await.expect("an answer");
        assert_eq!(held[id.as_str()], lfs::Held { size_bytes: 7, is_here: false });
        assert_eq!(lfs::presence(&hearth.app, &access, &id).await.expect("an answer"), lfs::Presence::Lost);
        let refused = download(hearth, &row, &id).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::LostObject))), "{refused:?}");
        assert!(is_known_as_lost(hearth, &id).await);
        let refused = lfs::verify(&hearth.app, &access, &id, 7).await;
        assert!(matches!(refused, Err(Error::NotFound(Kind::LostObject))), "{refused:?}");

        upload(hearth, &row, b"weights").await;
        assert_eq!(download(hearth, &row, &id).await.expect("there again"), b"weights");
        assert!(!is_known_as_lost(hearth, &id).await);
    }
}

#[tokio::test]
async fn changed_bytes_are_never_given_out_and_heal_when_they_come_again() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let id = upload(&hearth, &row, b"weights").await;
    flip_a_byte(&hearth.app.blobs().path(&id).expect("a folder"));
    let refused = download(&hearth, &row, &id).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::LostObject))), "{refused:?}");
    assert!(is_known_as_lost(&hearth, &id).await);
    assert!(!exists(&hearth, &id).await, "the wrong bytes are out of the way");
    upload(&hearth, &row, b"weights").await;
    assert_eq!(download(&hearth, &row, &id).await.expect("there again"), b"weights");
}

#[tokio::test]
async fn objects_are_checked_in_the_background_until_all_were() {
    // Nothing is checked on reads: only the background check can find it.
    let disk =
        DiskSettings { verify_read_bytes: 0, check_bytes_per_second: 1 << 30, ..DiskSettings::default() };
    let hearth = TestHearth::with(Choices { disk, ..Choices::default() }).await;
    let row = hearth.repository("mei/llm").await;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(upload(&hearth, &row, format!("weights {number}").as_bytes()).await);
    }
    flip_a_byte(&hearth.app.blobs().path(&ids[2]).expect("a folder"));
    fs::remove_file(hearth.app.blobs().path(&ids[4]).expect("a folder")).expect("removed");
    storage::check_some(&hearth.app).await.expect("checked");
    let mut found = Vec::new();
    for id in &ids {
        found.push(is_known_as_lost(&hearth, id).await);
    }
    assert_eq!(found, [false, false, true, false, true]);
    assert!(matches!(download(&hearth, &row, &ids[2]).await, Err(Error::NotFound(Kind::LostObject))));

    hearth.admin("boss").await;
    let (count, faults) = storage::faults(&hearth.app, &hearth.actor("boss").await).await.expect("shown");
    assert_eq!(count, 2);
    assert!(faults.iter().all(|fault| fault.repository.as_ref().is_some_and(|found| found.id == row.id)));
    assert!(storage::faults(&hearth.app, &hearth.actor("mei").await).await.is_err());

    // The round is over; the next one starts a day later, and finds what was put back by hand.
    storage::check_some(&hearth.app).await.expect("checked");
    fs::write(hearth.app.blobs().path(&ids[4]).expect("a folder"), b"weights 4").expect("put back");
    storage::check_some(&hearth.app).await.expect("checked");
    assert!(is_known_as_lost(&hearth, &ids[4]).await, "rounds rest");
    hearth.clock.advance(Duration::from_hours(25));
    storage::check_some(&hearth.app).await.expect("checked");
    assert!(!is_known_as_lost(&hearth, &ids[4]).await && is_known_as_lost(&hearth, &ids[2]).await);
}

#[tokio::test]
async fn below_the_reserve_uploads_are_refused_and_what_is_small_goes_on() {
    // More than any disk has, so free space is always below it.
    let disk = DiskSettings { reserve_bytes: u64::MAX, ..DiskSettings::default() };
    let hearth = TestHearth::with(Choices { disk, ..Choices::default() }).await;
    let row = hearth.repository("mei/llm").await;
    let room = hearth.app.disk().room().expect("told");
    let access = enter(&hearth, &row).await.write().expect("its owner");
    let id = id_of(b"weights").await;
    let too_much = room.free_bytes - room.reserve_bytes.min(room.free_bytes) + (1 << 30);
    let limits = hearth.app.limits().lfs_object();
    if too_much < limits.most {
        let refused = lfs::store(&hearth.app, &access, &id, Some(too_much), &b"weights"[..]).await;
        assert!(matches!(refused, Err(Error::Unavailable(Dependency::DiskSpace))), "{refused:?}");
    }
    hearth.repository("mei/another").await;
}

#[tokio::test]
async fn a_deleted_repository_wants_its_room_given_back() {
    for Site { hearth, server: _server, .. } in Site::both().await {
        let row = hearth.repository("mei/llm").await;
        let id = upload(&hearth, &row, b"weights").await;
        let access = enter(&hearth, &row).await.administer().expect("its owner");
        repository::delete(&hearth.app, &access).await.expect("deleted");
        storage::run_round(&hearth.app, false).await.expect("tended");
        assert!(exists(&hearth, &id).await, "it may be on its way to another repository");
        assert_eq!(sweep(&hearth).await.freed_bytes, 7);
        assert!(!exists(&hearth, &id).await);
    }
}

#[tokio::test]
async fn an_object_that_somebody_is_about_to_name_is_not_removed() {
    for Site { hearth, server: _server, .. } in Site::both().await {
        let blobs = hearth.app.blobs();
        let id = id_of(b"weights").await;
        let claim = blobs.claim(&id).await;
        blobs.put(&b"weights"[..], &Promise::default(), LIMIT).await.expect("stored");
        assert_eq!(sweep(&hearth).await.freed_bytes, 0);
        drop(claim);
        assert_eq!(sweep(&hearth).await.freed_bytes, 7);
        assert!(!blobs.renew(&id).await.expect("an answer"));
    }
}

#[tokio::test]
async fn while_the_bucket_is_away_nothing_counts_as_lost_and_later_everything_is_there() {
    let mut site = Site::in_s3().await;
    let row = site.hearth.repository("mei/llm").await;
    let id = upload(&site.hearth, &row, b"weights").await;
    let access = enter(&site.hearth, &row).await;
    site.server.as_mut().expect("a server").stop();
    let is_away = |error: Option<Error>| matches!(error, Some(Error::Unavailable(Dependency::BlobStore)));
    let app = &site.hearth.app;
    assert!(is_away(download(&site.hearth, &row, &id).await.err()));
    assert!(is_away(lfs::held(app, &access, std::slice::from_ref(&id)).await.err()));
    let (other, writer) = (id_of(b"other").await, access.clone().write().expect("its owner"));
    assert!(is_away(lfs::store(app, &writer, &other, None, &b"other"[..]).await.err()));
    assert!(is_away(storage::sweep(app, Duration::ZERO).await.err()));
    assert!(is_away(storage::check_some(app).await.err()));
    let shown = lfs::presence(app, &access, &id).await.expect("a page is shown all the same");
    assert_eq!(shown, lfs::Presence::Here);

    site.server.as_mut().expect("a server").start_again();
    assert_eq!(download(&site.hearth, &row, &id).await.expect("there"), b"weights");
    assert!(!is_known_as_lost(&site.hearth, &id).await);
    assert!(
        !lfs::held(app, &access, std::slice::from_ref(&other))
            .await
            .expect("an answer")
            .contains_key(other.as_str())
    );
    upload(&site.hearth, &row, b"other").await;
    storage::check_some(app).await.expect("checked");
    assert_eq!(sweep(&site.hearth).await.freed_bytes, 0, "both are named");
}

/// Random user actions, while unreferenced blobs are removed all the time.
struct History {
    site: Site,
    random: SeededRandomSource,
    contents: Vec<(BlobId, Vec<u8>)>,
    repositories: BTreeMap<u64, Repository>,
    /// Each task, and the key of its repository.
    tasks: Vec<(TaskId, u64)>,
    count: u64,
}

impl History {
    async fn begin(seed: u64, site: Site) -> Self {
        let mut contents = Vec::new();
        for number in 0..6 {
            let bytes = format!("content {number}").into_bytes();
            contents.push((id_of(&bytes).await, bytes));
        }
        let random = SeededRandomSource::new(seed);
        Self { site, random, contents, repositories: BTreeMap::new(), tasks: Vec::new(), count: 0 }
    }

    fn hearth(&self) -> &TestHearth {
        &self.site.hearth
    }

    fn below(&self, most: usize) -> usize {
        let mut byte = [0];
        self.random.fill(&mut byte);
        usize::from(byte[0]) % most
    }

    fn content(&self) -> (BlobId, Vec<u8>) {
        self.contents[self.below(self.contents.len())].clone()
    }

    fn some_repository(&self) -> Option<(u64, Repository)> {
        let at = self.below(self.repositories.len().max(1));
        self.repositories.iter().nth(at).map(|(key, row)| (*key, row.clone()))
    }

    async fn step(&mut self) {
        match self.below(10) {
            0 | 1 => self.create().await,
            2..=4 => self.push().await,
            5 => self.break_off().await,
            6 | 7 => self.run_a_task().await,
            8 => self.publish().await,
            _ => self.delete().await,
        }
    }

    async fn create(&mut self) {
        self.count += 1;
        let row = self.hearth().repository(&format!("mei/r{}", self.count)).await;
        self.repositories.insert(self.count, row);
    }

    async fn push(&mut self) {
        let Some((_, row)) = self.some_repository() else { return };
        let (_, bytes) = self.content();
        tokio::join!(upload(self.hearth(), &row, &bytes), sweep(self.hearth()));
    }

    /// An upload whose client disconnects: before all bytes are sent, or between them and the row.
    async fn break_off(&mut self) {
        let Some((_, row)) = self.some_repository() else { return };
        let (_, bytes) = self.content();
        let patience = Duration::from_micros(u64::try_from(self.below(200)).unwrap_or(0) * 20);
        let cut = tokio::time::timeout(patience, upload(self.hearth(), &row, &bytes));
        tokio::join!(async { drop(cut.await) }, sweep(self.hearth()));
    }

    /// A run that produces an output: its folder and the store have the same file.
    async fn run_a_task(&mut self) {
        let Some((key, row)) = self.some_repository() else { return };
        let (id, bytes) = self.content();
        let app = &self.hearth().app;
        let mut writer = app.store().write().await.expect("a transaction");
        let creator = hearth_core::UserId(row.owner_id.0);
        let made = task::insert(&mut writer, &testing::new_task(row.id, creator, "run", row.created_at))
            .await
            .expect("a task");
        writer.commit().await.expect("kept");
        let keep = async {
            let _claim = app.blobs().claim(&id).await;
            if !app.blobs().renew(&id).await.expect("an answer") {
                app.blobs().put(&bytes[..], &Promise::default(), LIMIT).await.expect("stored");
            }
            let folder = app.tasks_directory().join(made.to_string()).join("1/outputs");
            fs::create_dir_all(&folder).expect("a folder");
            if bytes.len() % 2 == 0 || self.below(2) == 0 {
                fs::hard_link(self.site.file(&id), folder.join("out.bin")).expect("linked");
            }
            let output = TaskOutput {
                task_id: made,
                attempt_number: 1,
                path: "out.bin".parse().expect("a plain path"),
                size_bytes: i64::try_from(bytes.len()).expect("small"),
                sha256: id.as_str().to_owned(),
                created_at: app.now(),
            };
            let mut writer = app.store().write().await.expect("a transaction");
            task_output::insert(&mut writer, &output).await.expect("kept");
            writer.commit().await.expect("kept");
        };
        tokio::join!(keep, sweep(self.hearth()));
        self.tasks.push((made, key));
    }

    /// An output of a task becomes an object of another repository.
    async fn publish(&mut self) {
        let Some((_, row)) = self.some_repository() else { return };
        let Some((made, _)) = self.tasks.last().copied() else { return };
        let app = &self.hearth().app;
        let mut reader = app.store().read().await.expect("a reader");
        let outputs = task_output::list(&mut reader, made, 1).await.expect("rows");
        drop(reader);
        for output in outputs {
            let (_, bytes) = self.contents.iter().find(|(id, _)| id.as_str() == output.sha256).expect("ours");
            tokio::join!(upload(self.hearth(), &row, bytes), sweep(self.hearth()));
        }
    }

    async fn delete(&mut self) {
        let Some((key, row)) = self.some_repository() else { return };
        let mut writer = self.hearth().app.store().write().await.expect("a transaction");
        for (made, _) in self.tasks.iter().filter(|(_, owner)| *owner == key) {
            let found = task::find(&mut writer, *made).await.expect("an answer").expect("there");
            let (state, reason) = (hearth_core::TaskState::Stopped, hearth_core::Reason::UserStop);
            task::transition(&mut writer, *made, found.state, state, reason, found.created_at)
                .await
                .expect("ended");
        }
        writer.commit().await.expect("kept");
        let access = enter(self.hearth(), &row).await.administer().expect("its owner");
        let app = &self.hearth().app;
        let (deleted, _) = tokio::join!(repository::delete(app, &access), sweep(self.hearth()));
        deleted.expect("deleted");
        self.repositories.remove(&key);
        self.tasks.retain(|(_, owner)| *owner != key);
    }

    async fn is_as_it_should_be(&self) {
        let app = &self.hearth().app;
        let root = self.site.root();
        // The last interrupted upload may still be being cleaned up.
        while !files(&root.join("incoming")).is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        sweep(self.hearth()).await;
        let mut reader = app.store().read().await.expect("a reader");
        let named = blob_row::list_referenced_after(&mut reader, "", 1_000).await.expect("rows");
        let named: BTreeSet<String> = named.into_iter().map(|blob| blob.sha256).collect();
        let kept: BTreeSet<String> = files(&root)
            .into_iter()
            .filter_map(|path| Some(BlobId::parse(path.file_name()?.to_str()?)?.as_str().to_owned()))
            .collect();
        assert_eq!(kept, named, "exactly what is named is there");
        for hash in &named {
            let id = BlobId::parse(hash).expect("a hash");
            assert_eq!(app.blobs().examine(&id, 0).await.expect("an answer"), Condition::Sound);
        }
        let folders: BTreeSet<String> = fs::read_dir(app.tasks_directory())
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        let tasks: BTreeSet<String> = self.tasks.iter().map(|(made, _)| made.to_string()).collect();
        assert_eq!(folders, tasks);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn whatever_happened_exactly_what_is_named_stays() {
    for seed in 0..4 {
        let site = if seed < 3 { Site::in_folder().await } else { Site::in_s3().await };
        let mut history = History::begin(seed, site).await;
        for _ in 0..60 {
            history.step().await;
        }
        history.is_as_it_should_be().await;
    }
}
