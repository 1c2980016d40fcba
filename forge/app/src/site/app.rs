use std::{path::PathBuf, sync::Arc, time::Instant};

use hearth_core::{Clock, RandomSource, Timestamp, Urls};
use hearth_diagram::DrawingProgram;
use hearth_git::RepositoryStore;
use hearth_mail::Mailer;
use hearth_outbound::Outbound;
use hearth_runner::engine::Engine;
use hearth_store::{Changes, Store};

use crate::{
    Blobs, DataDisk, GuessLimit, Limits, Settings, Signer, SiteKey,
    attempt::OutputVerifications,
    code::{FilePermits, FolderWalks},
    compute::{AttemptClocks, PendingHandOvers},
    diagram::Diagrams,
    jobs::{RunCounts, Workers},
    leadership::Leadership,
    log::LogScans,
    maintenance::Maintenance,
    picture::Pictures,
    pieces::WriterPermits,
    push::ReferenceUpdates,
    queue::PlanCache,
    registration::KnownSignUpMode,
    request_limit::RequestLimit,
};

/// Everything Hearth consists of, wired up once at start. A clone is a handle to the same instance.
#[derive(Clone)]
pub struct App(Arc<Whole>);

struct Whole {
    parts: Parts,
    guesses: GuessLimit,
    request_limit: RequestLimit,
    plan_cache: PlanCache,
    pending_hand_overs: PendingHandOvers,
    attempt_clocks: AttemptClocks,
    maintenance: Maintenance,
    reference_updates: ReferenceUpdates,
    output_verifications: OutputVerifications,
    log_scans: LogScans,
    file_permits: FilePermits,
    folder_walks: FolderWalks,
    writer_permits: WriterPermits,
    runs: RunCounts,
    sign_up_mode: KnownSignUpMode,
    pictures: Pictures,
    diagrams: Diagrams,
}

/// What [`App`] is wired from.
pub struct Parts {
    pub store: Store,
    pub git: RepositoryStore,
    pub blobs: Blobs,
    /// The client for outgoing HTTP requests.
    pub outbound: Outbound,
    /// Draws the diagrams of texts. None: they are shown as they were written.
    pub drawing: Option<DrawingProgram>,
    /// The mail transport. None: no mail is sent, and pages say so.
    pub mailer: Option<Mailer>,
    /// The disk that holds all data.
    pub disk: DataDisk,
    /// The folder of the run records: `{tasks}/{task}/{attempt}`.
    pub tasks_directory: PathBuf,
    /// The engines on which tasks run. Without any, tasks cannot be launched, and the form says so.
    pub engines: Vec<Arc<dyn Engine>>,
    pub clock: Arc<dyn Clock>,
    /// Signs addresses that only this site may have made.
    pub signer: Signer,
    /// Signs the commits that are made here. None: they are not signed.
    pub site_key: Option<SiteKey>,
    pub random: Arc<dyn RandomSource>,
    pub urls: Urls,
    /// The server's root as agents reach it: loopback on this machine, never a name that needs an outside
    /// lookup.
    pub agent_urls: Urls,
    pub limits: Limits,
    pub settings: Settings,
    /// How many jobs of each queue run at once.
    pub workers: Workers,
    /// Whether this server is the leader, if several share the database.
    pub leadership: Leadership,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        let pictures = Pictures::in_folder(parts.disk.folder(), parts.limits.picture_cache_bytes);
        if let Some(key) = &parts.site_key {
            parts.git.sign_with(Arc::new(key.clone()));
        }
        let reference_updates = ReferenceUpdates::of(parts.git.clone());
        Self(Arc::new(Whole {
            parts,
            guesses: GuessLimit::default(),
            request_limit: RequestLimit::default(),
            plan_cache: PlanCache::default(),
            pending_hand_overs: PendingHandOvers::default(),
            attempt_clocks: AttemptClocks::default(),
            maintenance: Maintenance::default(),
            reference_updates,
            output_verifications: OutputVerifications::default(),
            log_scans: LogScans::default(),
            file_permits: FilePermits::default(),
            folder_walks: FolderWalks::default(),
            writer_permits: WriterPermits::default(),
            runs: RunCounts::default(),
            sign_up_mode: KnownSignUpMode::default(),
            pictures,
            diagrams: Diagrams::default(),
        }))
    }

    pub fn store(&self) -> &Store {
        &self.0.parts.store
    }

    /// The kind of database: `sqlite` or `postgres`.
    pub fn database(&self) -> &'static str {
        self.store().engine()
    }

    pub fn git(&self) -> &RepositoryStore {
        &self.0.parts.git
    }

    pub fn blobs(&self) -> &Blobs {
        &self.0.parts.blobs
    }

    /// The only client for outgoing HTTP requests that users cause.
    pub fn outbound(&self) -> &Outbound {
        &self.0.parts.outbound
    }

    /// The mail transport; none: no mail is sent.
    pub fn mailer(&self) -> Option<&Mailer> {
        self.0.parts.mailer.as_ref()
    }

    pub fn disk(&self) -> &DataDisk {
        &self.0.parts.disk
    }

    pub fn tasks_directory(&self) -> &std::path::Path {
        &self.0.parts.tasks_directory
    }

    pub fn engines(&self) -> &[Arc<dyn Engine>] {
        &self.0.parts.engines
    }

    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// For measuring durations, see [`Clock::monotonic`].
    pub fn monotonic(&self) -> Instant {
        self.0.parts.clock.monotonic()
    }

    pub fn random(&self) -> &dyn RandomSource {
        &*self.0.parts.random
    }

    pub(crate) fn signer(&self) -> &Signer {
        &self.0.parts.signer
    }

    /// The key with which the commits are signed that are made here.
    pub fn site_key(&self) -> Option<&SiteKey> {
        self.0.parts.site_key.as_ref()
    }

    pub fn urls(&self) -> &Urls {
        &self.0.parts.urls
    }

    pub fn agent_urls(&self) -> &Urls {
        &self.0.parts.agent_urls
    }

    pub fn limits(&self) -> &Limits {
        &self.0.parts.limits
    }

    pub fn settings(&self) -> &Settings {
        &self.0.parts.settings
    }

    /// Notifications of committed changes.
    pub fn changes(&self) -> &Changes {
        self.store().changes()
    }

    /// How many jobs of each queue run at once.
    pub fn workers(&self) -> &Workers {
        &self.0.parts.workers
    }

    pub fn leadership(&self) -> &Leadership {
        &self.0.parts.leadership
    }

    /// Whether this server is the leader right now: work reserved for the leader checks this before each
    /// round.
    pub fn is_leading(&self) -> bool {
        self.leadership().is_leading(self.monotonic())
    }

    /// What a newcomer needs, without a query unless a setting has changed.
    pub(crate) fn known_sign_up_mode(&self) -> &KnownSignUpMode {
        &self.0.sign_up_mode
    }

    /// The outcomes of job runs.
    pub fn runs(&self) -> &RunCounts {
        &self.0.runs
    }

    /// The rate limit for guessing secrets.
    pub fn guesses(&self) -> &GuessLimit {
        &self.0.guesses
    }

    /// The rate limit for the requests of programs.
    pub(crate) fn request_limit(&self) -> &RequestLimit {
        &self.0.request_limit
    }

    /// The scheduler's latest plan.
    pub fn plan_cache(&self) -> &PlanCache {
        &self.0.plan_cache
    }

    /// The repositories waiting for maintenance.
    pub fn maintenance(&self) -> &Maintenance {
        &self.0.maintenance
    }

    /// The permits for going through whole logs.
    pub(crate) fn log_scans(&self) -> &LogScans {
        &self.0.log_scans
    }

    /// The permits for writing while somebody reads.
    pub(crate) fn writer_permits(&self) -> &WriterPermits {
        &self.0.writer_permits
    }

    /// The permits for large files, and for parsing.
    pub(crate) fn file_permits(&self) -> &FilePermits {
        &self.0.file_permits
    }

    /// The walks through history for folders that are being shown.
    pub(crate) fn folder_walks(&self) -> &FolderWalks {
        &self.0.folder_walks
    }

    /// Reference updates that are not recorded yet.
    pub(crate) fn reference_updates(&self) -> &ReferenceUpdates {
        &self.0.reference_updates
    }

    /// Attempts that are being handed over to their engine.
    pub(crate) fn attempt_clocks(&self) -> &AttemptClocks {
        &self.0.attempt_clocks
    }

    pub(crate) fn pending_hand_overs(&self) -> &PendingHandOvers {
        &self.0.pending_hand_overs
    }

    /// Pictures of other hosts.
    pub(crate) fn pictures(&self) -> &Pictures {
        &self.0.pictures
    }

    /// Draws the diagrams of texts, if anything does.
    pub(crate) fn drawing(&self) -> Option<&DrawingProgram> {
        self.0.parts.drawing.as_ref()
    }

    /// Diagrams drawn lately.
    pub(crate) fn diagrams(&self) -> &Diagrams {
        &self.0.diagrams
    }

    /// Outputs that are being hashed.
    pub(crate) fn output_verifications(&self) -> &OutputVerifications {
        &self.0.output_verifications
    }
}
