use hearth_app::{
    Access, Limits, Unit, access, events, fork,
    label::{self, LabelEdit, LabelInput},
    organization::{self, Organization, label as organization_label},
    repository::{
        self, Edit, NewRepository, Repository, archive_state,
        template::{self, FromTemplate},
        transfer,
    },
    testing::{Choices, TestHearth},
};
use hearth_core::{Administer, Conflict, Error, Kind, OrganizationLabelId, Visibility};

use crate::support::code_of;

/// Mei, as an owner of `lab`, which she made before.
async fn owning(hearth: &TestHearth) -> Access<Administer, Organization> {
    let opened = organization::open(&hearth.app, &hearth.actor("mei").await, "lab").await;
    opened.expect("hers").administer().expect("an owner")
}

fn input(name: &str) -> LabelInput {
    LabelInput { name: name.into(), color: "#00ff00".into(), ..LabelInput::default() }
}

async fn add(hearth: &TestHearth, name: &str) -> OrganizationLabelId {
    let made = organization_label::create(&hearth.app, &owning(hearth).await, &input(name)).await;
    made.expect("a label").id
}

async fn labels_of(hearth: &TestHearth, repository: &Repository) -> Vec<String> {
    let mei = hearth.actor("mei").await;
    let issues = access::open_by_id(&hearth.app, &mei, Unit::Issues, repository.id).await.expect("hers");
    let labels = label::list(&hearth.app, &issues).await.expect("a list");
    labels.into_iter().map(|label| label.name).collect()
}

async fn settings_of(hearth: &TestHearth, repository: &Repository) -> Access<Administer> {
    let mei = hearth.actor("mei").await;
    let settings = access::open_by_id(&hearth.app, &mei, Unit::Settings, repository.id).await.expect("hers");
    settings.administer().expect("hers")
}

#[tokio::test]
async fn a_label_is_made_changed_and_deleted_and_members_hear_of_it() {
    for hearth in TestHearth::all().await {
        hearth.organization("lab", "mei").await;
        let app = &hearth.app;
        let bug = add(&hearth, "bug").await;
        let owning = owning(&hearth).await;
        let taken = organization_label::create(app, &owning, &input("BUG")).await;
        assert!(matches!(taken, Err(Error::Conflict(Conflict::LabelTaken))), "{taken:?}");
        let bad = organization_label::create(app, &owning, &input(" ")).await;
        assert_eq!(code_of(bad), Some(("name", "required")));
        let edit = LabelEdit { description: Some("Broken".into()), ..LabelEdit::default() };
        let edited = organization_label::edit(app, &owning, bug, edit).await.expect("changed");
        assert_eq!((edited.name.as_str(), edited.description.as_str()), ("bug", "Broken"));
        organization_label::delete(app, &owning, bug).await.expect("deleted");
        let gone = organization_label::delete(app, &owning, bug).await;
        assert!(matches!(gone, Err(Error::NotFound(Kind::Label))), "{gone:?}");

        events::dispatch_all(app).await.expect("given out");
        let heard = events::list_after(app, &hearth.actor("mei").await, 0, 10).await.expect("an answer");
        let kinds: Vec<&str> = heard.events.iter().map(|event| event.kind.as_str()).collect();
        let expected =
            ["label_created", "label_edited", "label_deleted"].map(|end| format!("organization.{end}"));
        assert!(kinds.ends_with(&expected.each_ref().map(String::as_str)), "{kinds:?}");
        hearth.run_jobs().await;
    }
}

#[tokio::test]
async fn an_organisation_has_no_more_labels_than_the_limit() {
    let limits = Limits { organization_labels: 1, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.organization("lab", "mei").await;
    add(&hearth, "bug").await;
    let refused = organization_label::create(&hearth.app, &owning(&hearth).await, &input("docs")).await;
    assert!(matches!(refused, Err(Error::TooLarge(limit)) if limit.key == "limits.organization_labels"));
}

#[tokio::test]
async fn what_is_created_generated_or_forked_begins_with_the_labels_of_its_owner() {
    for hearth in TestHearth::all().await {
        let app = &hearth.app;
        let lab = hearth.organization("lab", "mei").await;
        let mei = hearth.actor("mei").await;
        add(&hearth, "bug").await;
        let source = NewRepository { with_readme: true, ..NewRepository::named("source") };
        let source = repository::create(app, &mei, source).await.expect("made");
        assert_eq!(labels_of(&hearth, &source).await, [""; 0], "a person has none");

        let new = NewRepository { owner: Some(lab.id.into()), ..NewRepository::named("created") };
        let created = repository::create(app, &mei, new).await.expect("made");
        assert_eq!(labels_of(&hearth, &created).await, ["bug"]);

        let issues = access::open_by_id(app, &mei, Unit::Issues, source.id).await.expect("hers");
        label::create(app, &issues.write().expect("hers"), &input("Bug")).await.expect("a label");
        let edit = Edit { is_template: Some(true), ..Edit::default() };
        repository::edit(app, &settings_of(&hearth, &source).await, edit).await.expect("a template");
        let code = access::open_by_id(app, &mei, Unit::Code, source.id).await.expect("hers");
        let new = FromTemplate {
            owner: lab.id.into(),
            name: "generated".into(),
            description: String::new(),
            visibility: Visibility::Public,
            with_history: false,
            with_topics: false,
            with_labels: true,
        };
        let generated = template::generate(app, &code, new).await.expect("made");
        assert_eq!(labels_of(&hearth, &generated).await, ["Bug"], "the template's own comes first");

        let forked = fork::fork(app, &code, lab.id.into(), None).await.expect("forked");
        assert_eq!(labels_of(&hearth, &forked).await, ["bug"]);
        hearth.run_jobs().await;
    }
}

#[tokio::test]
async fn all_repositories_get_what_they_lack_however_many_they_are() {
    let hearth = TestHearth::new().await;
    let app = &hearth.app;
    hearth.organization("lab", "mei").await;
    let moved = hearth.repository("mei/moved").await;
    transfer::start(app, &settings_of(&hearth, &moved).await, "lab").await.expect("moved");
    let archived = hearth.repository("lab/archived").await;
    archive_state::archive(app, &settings_of(&hearth, &archived).await).await.expect("archived");
    let mut all = vec![moved];
    for number in 0..25 {
        all.push(hearth.repository(&format!("lab/r{number}")).await);
    }
    add(&hearth, "bug").await;
    assert_eq!(labels_of(&hearth, &all[0]).await, [""; 0], "not by themselves");
    for _ in 0..2 {
        organization_label::add_to_all(app, &owning(&hearth).await).await.expect("soon");
        hearth.run_jobs().await;
        for repository in &all {
            assert_eq!(labels_of(&hearth, repository).await, ["bug"], "{}", repository.name);
        }
    }
    assert_eq!(labels_of(&hearth, &archived).await, [""; 0]);
}
