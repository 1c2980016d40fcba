use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use hearth_core::{Clock, Outcome, ProgramKind, Reason, SystemClock, TaskState, Timestamp};

use super::{
    client::ClientError,
    disk,
    environment::{self, variables},
    facts,
    layout::TaskFolder,
    life::Agent,
    measure::Follower,
    meter::{Meter, Readings},
    outputs,
    packages::Packages,
    presence::note_program,
    program::{End, Ended, Launch, Program, say},
    stage::{Preparing, StageFault, bounds_of, stage},
};
use crate::{
    TaskSpec,
    outputs::find,
    packages::InstalledPackages,
    process,
    protocol::{Finish, Phase, SandboxFacts, Usage},
    sandbox::{Bounds, Cgroup, Fence, Interpreter, Network, Plan, group_name, probe},
};

/// One run of one program, with what comes before and after.
pub(super) struct Run<'a> {
    pub(super) agent: &'a Arc<Agent>,
    pub(super) spec: &'a TaskSpec,
}

/// The result to report; the counts are filled in when everything is sent.
pub(super) struct RunEnd {
    pub(super) finish: Finish,
}

/// Why nothing was started, or how the program ended.
struct Ran {
    outcome: Outcome,
    end: Option<End>,
    started_at: Option<Timestamp>,
    usage: Usage,
    command: Vec<String>,
    environment_lock: String,
    sandbox: Option<SandboxFacts>,
    packages: Option<InstalledPackages>,
}

impl Ran {
    fn nothing(outcome: Outcome) -> Self {
        Self {
            outcome,
            end: None,
            started_at: None,
            usage: Usage::default(),
            command: Vec::new(),
            environment_lock: String::new(),
            sandbox: None,
            packages: None,
        }
    }
}

const DISK_LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long to wait for killed processes.
const KILL_TIMEOUT: Duration = Duration::from_secs(5);
const METRICS_LOOK_EVERY: Duration = Duration::from_millis(250);

impl Run<'_> {
    pub(super) async fn perform(&self) -> Result<RunEnd, ClientError> {
        let ran = self.prepare_and_run().await?;
        let finished_at = SystemClock.now();
        if self.agent.stopper.is_gone() {
            return Err(ClientError::Gone);
        }
        self.agent.enter(Phase::Collecting);
        let folder = self.agent.layout.outside(TaskFolder::Output);
        let found = {
            let (folder, limits) = (folder.clone(), self.spec.limits.clone());
            tokio::task::spawn_blocking(move || find(&folder, &limits))
                .await
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        };
        let left_out = found.left_out.named.len() as u64 + found.left_out.more;
        let facts = [("files", found.files.len().to_string()), ("left_out", left_out.to_string())];
        self.agent.journal.write(Reason::StageOutputs, &facts);
        let may_be_moved = self.agent.config.shares_disk() && all_processes_ended().await;
        let mut delivery = outputs::Delivery::new(self.agent, folder, self.spec.node.rank, may_be_moved);
        let stored = tokio::select! {
            stored = delivery.deliver(found) => stored?,
            () = self.agent.stopper.wait_until_gone() => return Err(ClientError::Gone),
        };
        if delivery.has_waited() {
            self.agent.journal.write(Reason::StageOutputs, &facts);
        }
        let mut outcome = ran.outcome;
        if stored.is_over_limit {
            self.say("the output is larger than its limit; some files were not kept");
        }
        if stored.had_no_room {
            self.say("the server's disk has no room for some outputs; they stay on this machine for now");
        }
        if outcome.state == TaskState::Succeeded {
            if stored.had_no_room {
                outcome = Agent::failed(Reason::OutputsNoRoom);
            } else if stored.is_over_limit {
                outcome = Agent::failed(Reason::LimitOutput);
            }
        }
        let working_directory = self.agent.layout.inside(TaskFolder::Code).display().to_string();
        Ok(RunEnd {
            finish: Finish {
                outcome,
                exit_code: ran.end.and_then(End::code),
                signal: ran.end.and_then(End::signal),
                started_at: ran.started_at,
                finished_at,
                usage: ran.usage,
                command: ran.command,
                working_directory,
                system: facts::system(),
                driver: facts::driver(self.spec),
                environment_lock: ran.environment_lock,
                sandbox: ran.sandbox,
                packages: ran.packages,
                outputs: stored.entries,
                outputs_left_out: stored.left_out.named,
                outputs_left_out_more: stored.left_out.more,
                log_bytes: 0,
                metrics_bytes: 0,
                events: 0,
            },
        })
    }

    async fn prepare_and_run(&self) -> Result<Ran, ClientError> {
        if let Err(fault) = self.spec.validate() {
            self.say(&format!("the task cannot be run: {fault}"));
            return Ok(Ran::nothing(Agent::failed(Reason::PlatformFault)));
        }
        let Agent { client, layout, journal, stopper, config, .. } = &**self.agent;
        let preparing = Preparing { client, spec: self.spec, layout, config, journal };
        let staged = tokio::select! {
            staged = stage(preparing) => staged,
            request = stopper.wait() => return Ok(Ran::nothing(stopped(request.reason))),
        };
        match staged {
            Ok(left_out) => {
                for link in left_out {
                    self.say(&format!("a link that points outside the code was left out: {link}"));
                }
            }
            Err(StageFault::ClientError(client_error)) => return Err(client_error),
            Err(StageFault::Failed(reason, detail)) => {
                self.say(&format!("the task could not be prepared: {detail}"));
                return Ok(Ran::nothing(Agent::failed(reason)));
            }
        }
        if let Some(file) = self.spec.program.file().filter(|file| !self.has_file(file)) {
            self.say(&format!("there is no file {file} at commit {}", self.spec.code.commit));
            return Ok(Ran::nothing(Agent::failed(Reason::RunNoBootFile)));
        }
        let interpreter = match self.interpreter().await {
            Ok(interpreter) => interpreter,
            Err(detail) => {
                self.say(&format!("there is no interpreter: {detail}"));
                return Ok(Ran::nothing(Agent::failed(Reason::ImageMissing)));
            }
        };
        Ok(match self.packages(&interpreter).await {
            Ok(packages) => self.run(interpreter, packages).await,
            Err(outcome) => Ran::nothing(outcome),
        })
    }

    fn has_file(&self, path: &str) -> bool {
        let code = self.agent.layout.outside(TaskFolder::Code);
        let (Ok(code), Ok(file)) = (code.canonicalize(), code.join(path).canonicalize()) else {
            return false;
        };
        file.starts_with(code) && file.is_file()
    }

    async fn interpreter(&self) -> Result<Interpreter, String> {
        let python = self.spec.image.python.clone();
        if self.agent.config.fence == Fence::Container {
            // An image without Python can still run a command.
            if self.spec.program.kind() == ProgramKind::Script && !environment::has_program(&python) {
                return Err(format!("{python} is not in the image"));
            }
            return Ok(Interpreter { executable: python, ..Interpreter::default() });
        }
        tokio::task::spawn_blocking(move || probe(&python))
            .await
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }

    async fn run(&self, image: Interpreter, packages: Option<Packages>) -> Ran {
        let fence = self.agent.config.fence;
        let mut bounds = bounds_of(self.spec);
        if self.is_contained() {
            // In a container made for this attempt the kernel counts better: shared pages only once.
            bounds.memory_bytes = u64::MAX;
        }
        let cgroup = self.cgroup(bounds);
        let facts = self.facts(cgroup.as_deref());
        self.agent.journal.write(
            Reason::StageSandbox,
            &[
                ("fence", facts.fence.clone()),
                ("network", facts.network.clone()),
                ("memory", facts.memory.clone()),
                ("cpu", facts.cpu.clone()),
                ("processes", facts.processes.clone()),
                ("python", image.version.clone()),
            ],
        );
        let interpreter = packages.as_ref().map_or_else(|| image.clone(), |_| Packages::interpreter(&image));
        let mut plan = self.plan(&interpreter);
        if let Some(packages) = &packages {
            self.add(packages, &image, &mut plan);
        }
        let command = self.spec.command(&interpreter.executable);
        let lock =
            facts::read_lock(self.agent, self.spec, &plan, &interpreter.executable, bounds_of(self.spec));
        let launch = Launch {
            fence,
            plan,
            command: command.clone(),
            bounds,
            cgroup: cgroup.clone(),
            private: self.agent.layout.private(),
        };
        let started_at = SystemClock.now();
        let started = launch.start(Arc::clone(&self.agent.log), Arc::clone(&self.agent.measurements)).await;
        let mut ran = match started {
            Ok((program, ended)) => {
                self.note(&program);
                self.agent.journal.write(Reason::RunStarted, &[("command", command.join(" "))]);
                self.agent.enter(Phase::Running);
                self.attend(program, ended, cgroup.clone(), bounds).await
            }
            Err(error) => {
                self.say(&format!("the program could not be started: {error}"));
                Ran::nothing(Agent::failed(Reason::SandboxRefused))
            }
        };
        ran.started_at = ran.end.map(|_| started_at);
        ran.command = command;
        ran.sandbox = Some(facts);
        ran.environment_lock = lock.await.unwrap_or_default();
        ran.packages = packages.map(|packages| packages.record.clone());
        if let Some(cgroup) = cgroup {
            let _ = tokio::task::spawn_blocking(move || cgroup.remove()).await;
        }
        ran
    }

    /// Adds packages to what the program sees.
    fn add(&self, packages: &Packages, image: &Interpreter, plan: &mut Plan) {
        plan.binds.push(packages.bind());
        // The last value of a name wins.
        plan.environment.extend(Packages::variables(image));
        let has_own_path = plan.environment.iter().any(|(name, _)| name == "PYTHONPATH");
        if self.spec.program.kind() == ProgramKind::Command && !has_own_path {
            plan.environment.push(("PYTHONPATH".to_owned(), Packages::library(image)));
        }
    }

    pub(super) fn note(&self, program: &Program) {
        if let Err(error) = note_program(&self.agent.directory, program.pid()) {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "the program's process id could not be recorded"
            );
        }
    }

    pub(super) fn cgroup(&self, bounds: Bounds) -> Option<Arc<Cgroup>> {
        if self.agent.config.fence == Fence::Container {
            return None;
        }
        Cgroup::create(&group_name(&self.agent.directory), bounds)
            .map_err(|fault| tracing::warn!(fault, "no control group; the watchdog takes its place"))
            .ok()
            .map(Arc::new)
    }

    fn facts(&self, cgroup: Option<&Cgroup>) -> SandboxFacts {
        let fence = self.agent.config.fence;
        let by = |is_bounded: fn(&Cgroup) -> bool, otherwise: &str| {
            let group = cgroup.filter(|cgroup| is_bounded(cgroup));
            group.map_or(otherwise, |cgroup| cgroup.version().as_str()).to_owned()
        };
        SandboxFacts {
            fence: fence.as_str().to_owned(),
            network: match fence {
                Fence::Bubblewrap => self.network().as_str(),
                Fence::Container | Fence::None => Network::Host.as_str(),
            }
            .to_owned(),
            memory: by(Cgroup::bounds_memory, if self.is_contained() { "container" } else { "watchdog" }),
            cpu: by(Cgroup::bounds_cpu, if self.is_contained() { "container" } else { "none" }),
            processes: by(Cgroup::bounds_processes, "rlimit"),
            system_calls: fence == Fence::Bubblewrap && crate::sandbox::filters_system_calls(),
        }
    }

    fn network(&self) -> Network {
        if self.spec.network { self.agent.config.network } else { Network::None }
    }

    /// Whether an engine made a container for this attempt, with its own limits.
    fn is_contained(&self) -> bool {
        self.agent.config.folders.is_some()
    }

    fn plan(&self, interpreter: &Interpreter) -> Plan {
        let Agent { layout, config, .. } = &**self.agent;
        Plan {
            network: self.network(),
            shared_memory_bytes: self.spec.resources.shared_memory_bytes,
            binds: layout.binds(self.network()),
            read_only: interpreter.folders.clone(),
            accelerators: self.spec.resources.accelerators.clone(),
            hidden: config.hidden.clone(),
            environment: variables(self.spec, layout, config, &interpreter.executable),
            directory: layout.inside(TaskFolder::Code),
        }
    }

    /// Waits for the end, or for a reason to stop the program.
    async fn attend(
        &self,
        program: Program,
        mut ended: Ended,
        cgroup: Option<Arc<Cgroup>>,
        bounds: Bounds,
    ) -> Ran {
        let cards = self.spec.resources.accelerators.clone();
        let meter = Meter::start(program.clone(), cgroup, bounds, cards, Arc::clone(&self.agent.pulse));
        let mut followers = self.followers();
        let end = tokio::select! {
            end = self.until_end(&program, &mut ended) => end,
            never = self.watch_limits(&mut followers) => match never {},
            never = self.watch_disk(&program) => match never {},
        };
        for follower in &mut followers {
            follower.poll(&self.agent.measurements, true);
        }
        let readings = match meter {
            Ok(meter) => tokio::task::spawn_blocking(move || meter.finish()).await.ok(),
            Err(_) => None,
        };
        let end = end.ok();
        let outcome = self.outcome(end, readings);
        let facts = [
            ("exit_code", end.and_then(End::code).map(|code| code.to_string())),
            ("signal", end.and_then(End::signal)),
        ];
        let facts: Vec<_> = facts.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        self.agent.journal.write(Reason::RunFinished, &facts);
        Ran {
            end,
            usage: readings.map(|readings| readings.usage).unwrap_or_default(),
            ..Ran::nothing(outcome)
        }
    }

    async fn until_end(&self, program: &Program, ended: &mut Ended) -> Result<End, String> {
        let flat = |end: Result<std::io::Result<End>, _>| match end {
            Ok(end) => end.map_err(|error| error.to_string()),
            Err(error) => Err(tokio::sync::oneshot::error::RecvError::to_string(&error)),
        };
        let request = tokio::select! {
            end = &mut *ended => return flat(end),
            request = self.agent.stopper.wait() => request,
        };
        self.agent.enter(Phase::Stopping);
        tokio::select! {
            end = &mut *ended => return flat(end),
            () = async {
                program.terminate().await;
                tokio::time::sleep(request.grace).await;
            } => {}
            () = self.agent.stopper.wait_until_gone() => {}
        }
        let program = program.clone();
        let _ = tokio::task::spawn_blocking(move || program.kill()).await;
        flat(ended.await)
    }

    /// Tails the metrics files, and requests a stop when the time is used up.
    async fn watch_limits(&self, followers: &mut [Follower]) -> std::convert::Infallible {
        let Agent { stopper, measurements, .. } = &**self.agent;
        let begun = Instant::now();
        let grace = Duration::from_secs(self.spec.limits.stop_grace_seconds);
        let mut has_told = false;
        loop {
            tokio::time::sleep(METRICS_LOOK_EVERY).await;
            for follower in &mut *followers {
                follower.poll(measurements, false);
            }
            if !has_told && self.agent.log.lost() + measurements.spool.lost() > 0 {
                has_told = true;
                self.agent.journal.write(Reason::MachineNoRoom, &[]);
            }
            if self.spec.limits.time_seconds.is_some_and(|most| begun.elapsed() >= Duration::from_secs(most))
            {
                stopper.request(Reason::LimitTime, grace);
            }
        }
    }

    /// Requests a stop when the outputs, or all disk usage of the task, exceed their limits.
    async fn watch_disk(&self, program: &Program) -> std::convert::Infallible {
        let Agent { layout, stopper, .. } = &**self.agent;
        let grace = Duration::from_secs(self.spec.limits.stop_grace_seconds);
        loop {
            let looked = Instant::now();
            let (layout, limits, program) = (layout.clone(), self.spec.limits.clone(), program.clone());
            let found = tokio::task::spawn_blocking(move || {
                let processes: Vec<u32> =
                    program.processes().into_iter().map(|process| process.pid).collect();
                let excess = disk::excess(&layout, &limits, &processes);
                let outputs = outputs::size_of(&layout.outside(TaskFolder::Output));
                (excess, outputs > limits.output_bytes)
            });
            match found.await {
                Ok((Some(excess), _)) if stopper.requested().is_none() => {
                    self.say(&format!("the task holds {excess}, which is the limit"));
                    // A program that goes on filling the disk gets no grace.
                    stopper.request(Reason::LimitDisk, Duration::ZERO);
                }
                Ok((None, true)) => stopper.request(Reason::LimitOutput, grace),
                _ => {}
            }
            // A large tree is measured less often.
            tokio::time::sleep(DISK_LOOK_EVERY.max(looked.elapsed() * 10)).await;
        }
    }

    fn followers(&self) -> [Follower; 2] {
        [TaskFolder::Hearth, TaskFolder::Output]
            .map(|place| Follower::new(self.agent.layout.outside(place).join("metrics.jsonl")))
    }

    fn outcome(&self, end: Option<End>, readings: Option<Readings>) -> Outcome {
        if let Some(request) = self.agent.stopper.requested() {
            return stopped(request.reason);
        }
        let is_out_of_memory = readings.is_some_and(|readings| readings.is_out_of_memory)
            || (self.is_contained() && facts::kernel_ended_something());
        match end {
            Some(End::Code(0)) => Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished },
            Some(_) if is_out_of_memory => {
                self.say("the program used more memory than it may");
                Agent::failed(Reason::RunOutOfMemory)
            }
            Some(End::Code(_)) => Agent::failed(Reason::RunExitNonzero),
            Some(End::Signal(_)) => Agent::failed(Reason::RunSignal),
            None => Agent::failed(Reason::PlatformFault),
        }
    }

    fn say(&self, what: &str) {
        say(&self.agent.log, what);
    }
}

/// Waits until the program and everything it started have ended: only then can nobody write to its outputs.
async fn all_processes_ended() -> bool {
    let until = Instant::now() + KILL_TIMEOUT;
    while Instant::now() < until {
        let below = tokio::task::spawn_blocking(|| process::descendants(std::process::id())).await;
        if below.is_ok_and(|below| below.iter().all(|process| process.is_zombie)) {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

/// A requested stop is no failure; an exceeded limit is.
pub(super) fn stopped(reason: Reason) -> Outcome {
    let is_limit = matches!(
        reason,
        Reason::LimitTime
            | Reason::LimitOutput
            | Reason::LimitDisk
            | Reason::RunEvicted
            | Reason::RunNodeFailed
            | Reason::PlatformFault
    );
    Outcome { state: if is_limit { TaskState::Failed } else { TaskState::Stopped }, reason }
}
