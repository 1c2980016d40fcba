use hearth_app::{
    compute,
    events::{self, Deliver},
    jobs::{
        self, AddOrganizationLabels, CollectLargeFiles, EndExpiredSessions, FinishPublication,
        ForgetAddresses, Job, ReferenceIssues, RefreshBase, RefreshPullRequest, RefreshRepository,
        RemoveIdleUploads, RemoveWaitingAttachments, ReportRetraining, RestackPullRequest, SealRecord,
        SendInvitation, SendOrganizationInvitation, SendReset, SettlePullRequest, StoreOutputs, TestImages,
    },
    model, record,
    testing::Drill,
};
use hearth_core::{EventId, OrganizationId, RepositoryKind, ThreadId, UserName};
use hearth_runner::record::verify;
use hearth_store::{
    event, model_version,
    repository::{self, Viewer},
};

use super::{
    publish::{made, named},
    world::World,
};

/// A pull request that was deleted since. Those that are there are refreshed, merged and stopped at every step in
/// `pull_request`.
const NO_THREAD: ThreadId = ThreadId(0);

/// Runs a job twice concurrently.
async fn twice<J: Job>(world: &World, one: J, other: J) {
    let run = async |job: J| job.run(world.app()).await?.keep().await;
    let (one, other) = tokio::join!(run(one), run(other));
    one.and(other).unwrap_or_else(|error| panic!("{}: {}", J::NAME, hearth_core::chain(&error)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[expect(clippy::too_many_lines, reason = "one case for each job")]
async fn every_job_may_run_twice_at_once() {
    let world = World::with_cpus(4).await;
    world.hearth.admin("lin").await;
    let app = world.app();
    let task = made(&world, b"weights").await;
    let published = model::publish(app, &task, named("digits")).await.expect("published");
    let code = task.repository().id;
    for name in jobs::names() {
        match name {
            Deliver::NAME => {
                events::dispatch_all(app).await.expect("dispatched");
                let deliver = || Deliver { event: EventId(1), subscriber: "feed".into() };
                twice(&world, deliver(), deliver()).await;
            }
            AddOrganizationLabels::NAME => {
                let add = || AddOrganizationLabels::of(OrganizationId(0));
                twice(&world, add(), add()).await;
            }
            CollectLargeFiles::NAME => {
                twice(&world, CollectLargeFiles::all(), CollectLargeFiles::all()).await;
            }
            EndExpiredSessions::NAME => twice(&world, EndExpiredSessions {}, EndExpiredSessions {}).await,
            ForgetAddresses::NAME => twice(&world, ForgetAddresses {}, ForgetAddresses {}).await,
            ReferenceIssues::NAME => {
                let refer = || ReferenceIssues {
                    repository_id: code,
                    pusher_id: None,
                    old: None,
                    new: task.task().commit_id.clone(),
                };
                twice(&world, refer(), refer()).await;
            }
            RemoveIdleUploads::NAME => twice(&world, RemoveIdleUploads {}, RemoveIdleUploads {}).await,
            RemoveWaitingAttachments::NAME => {
                twice(&world, RemoveWaitingAttachments {}, RemoveWaitingAttachments {}).await;
            }
            RefreshBase::NAME => {
                let refresh = || RefreshBase { repository_id: code, branch: "main".into() };
                twice(&world, refresh(), refresh()).await;
            }
            RefreshPullRequest::NAME => {
                let refresh = || RefreshPullRequest { thread_id: NO_THREAD };
                Box::pin(twice(&world, refresh(), refresh())).await;
            }
            SettlePullRequest::NAME => {
                let settle = || SettlePullRequest { thread_id: NO_THREAD };
                twice(&world, settle(), settle()).await;
            }
            ReportRetraining::NAME => {
                let report = || ReportRetraining { repository_id: code, commit_id: published.commit.clone() };
                twice(&world, report(), report()).await;
            }
            RestackPullRequest::NAME => {
                let restack =
                    || RestackPullRequest { thread_id: NO_THREAD, below: NO_THREAD, by: None, depth: 0 };
                Box::pin(twice(&world, restack(), restack())).await;
            }
            RefreshRepository::NAME => {
                let refresh = || RefreshRepository { repository_id: code };
                twice(&world, refresh(), refresh()).await;
            }
            SealRecord::NAME => {
                let again = made(&world, b"other weights").await;
                let seal = || SealRecord { task: again.id(), attempt: 1 };
                twice(&world, seal(), seal()).await;
                let folder = app.tasks_directory().join(again.id().to_string()).join("1");
                assert!(verify(&folder).expect("a verdict").is_good());
                assert!(record::document(app, &again, 1).await.expect("an answer").is_some());
            }
            SendInvitation::NAME => {
                let (to, by) = ("lin@example.org".parse().expect("an address"), hearth_core::UserId(0));
                let send = || SendInvitation { to, by, language: hearth_core::Language::En };
                let again = "lin@example.org".parse().expect("an address");
                let other = SendInvitation { to: again, by, language: hearth_core::Language::En };
                twice(&world, send(), other).await;
            }
            SendOrganizationInvitation::NAME => {
                let (invitation, language) = (hearth_core::InvitationId(0), hearth_core::Language::En);
                let send = || SendOrganizationInvitation { invitation, language };
                twice(&world, send(), send()).await;
            }
            SendReset::NAME => {
                let send = || SendReset { login: "nobody".into() };
                twice(&world, send(), send()).await;
            }
            FinishPublication::NAME => {
                let finish = || FinishPublication {
                    repository: published.repository.id,
                    task: task.id(),
                    version: published.version.clone(),
                    commit: published.commit.clone(),
                    note: String::new(),
                    creator: hearth_core::UserId(published.repository.owner_id.0),
                };
                Box::pin(twice(&world, finish(), finish())).await;
                let mut reader = app.store().read().await.expect("a reader");
                let id = published.repository.id;
                assert_eq!(model_version::count(&mut reader, id).await.expect("an answer"), 1);
            }
            StoreOutputs::NAME => {
                let store = || StoreOutputs { task: task.id(), attempt: 1 };
                twice(&world, store(), store()).await;
            }
            TestImages::NAME => {
                let by: UserName = "lin".parse().expect("a good name");
                let test = || TestImages { by: by.clone(), image: None };
                Box::pin(twice(&world, test(), test())).await;
            }
            // Used by other tests.
            Drill::NAME => {}
            other => panic!("the job {other} has no case here"),
        }
    }
    compute::run_pass(app).await.expect("a pass");
    world.hearth.deliver().await;
    let mut reader = app.store().read().await.expect("a reader");
    let model = repository::find_by_name(&mut reader, RepositoryKind::Model, "mei", "digits").await;
    let model = model.expect("an answer").expect("there");
    let events = event::list_after(&mut reader, Viewer::Administrator, (0, 1_000), 1_000).await;
    let published = events
        .expect("rows")
        .into_iter()
        .filter(|event| event.kind == "model.published" && event.repository_id == Some(model.id))
        .count();
    assert_eq!(published, 1, "the news came once");
}
