//! Draws every component once, in both languages and both themes. The pages are left in the target folder,
//! for inspection.

use std::{fs, path::Path, time::Instant};

use askama::Template;
use hearth_core::{FieldError, RepositoryKind, Timestamp, UserName, Visibility, urls::RepositoryUrls};
use hearth_git::FileStatus;
use hearth_web::{
    Axis, Chart, Language, Mistakes, Page, RepositoryHead, Series, Theme, View, Viewer,
    diff::{Body, DiffFile, DiffHunk, DiffQuery, Line},
    icon, rich, sparkline,
    words::Html,
};
use hearth_words::t;

#[derive(Template)]
#[template(path = "repository.html")]
struct Style {
    page: Page,
    head: RepositoryHead,
    now: Timestamp,
    before: Timestamp,
    crumbs: Vec<(&'static str, &'static str)>,
    loss: Html,
    rate: Html,
    spark: Html,
    body: Html,
    lines: Vec<Html>,
    log: Vec<Html>,
    file: DiffFile,
    query: DiffQuery,
    mistakes: Mistakes,
    options: Vec<(&'static str, &'static str)>,
}

#[test]
fn every_component_draws_without_inline_style() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("style");
    fs::create_dir_all(&folder).expect("the folder for tests' files is writable");
    fs::write(folder.join("hearth.css"), hearth_web::assets::STYLE.bytes).expect("written");
    fs::write(folder.join("hearth.js"), hearth_web::assets::SCRIPT.bytes).expect("written");
    for &language in Language::ALL {
        for theme in [Theme::Light, Theme::Dark] {
            let html = style(language, theme).render().expect("it draws");
            assert!(!html.contains(" style="), "{html}");
            assert!(!html.contains("{{") && !html.contains("{%"), "{html}");
            let html = html.replace(hearth_web::assets::STYLE.path, "hearth.css");
            let html = html.replace(hearth_web::assets::SCRIPT.path, "hearth.js");
            let name = format!("{}-{}.html", language.as_str(), theme.as_str());
            fs::write(folder.join(name), html).expect("written");
        }
    }
}

/// The pages that need no setup are written beside the components.
#[tokio::test]
async fn first_pages_are_drawn() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("style");
    fs::create_dir_all(&folder).expect("the folder for tests' files is writable");
    let site = crate::site::Site::new().await;
    for &language in Language::ALL {
        for (name, path) in [("home", "/"), ("about", "/-/about"), ("missing", "/no/such/page")] {
            let answer = site.get(path, language.as_str()).await;
            assert!(!answer.body.contains(" style="), "{path}");
            let html = answer.body.replace(hearth_web::assets::STYLE.path, "hearth.css");
            fs::write(folder.join(format!("{name}-{}.html", language.as_str())), html).expect("written");
        }
    }
}

/// So are the pages of a signed-in user.
#[tokio::test]
async fn own_pages_are_drawn() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("style");
    fs::create_dir_all(&folder).expect("the folder for tests' files is writable");
    let site = crate::site::Site::new().await;
    let browser = site.signed_in_admin("mei").await;
    site.hearth.repository("mei/llm").await;
    site.hearth.private_repository("mei/tokenizer").await;
    site.hearth.user("lin").await;
    site.hearth.organization("lab", "mei").await;
    site.hearth.repository("lab/vision").await;
    let fields = [("name", "laptop"), ("days", "30"), ("scopes", "all")];
    browser.post("/user/settings/applications", "/user/settings/applications", &fields).await;
    let pages = [
        ("dashboard", "/"),
        ("explore", "/explore/repos"),
        ("people", "/explore/users"),
        ("profile", "/mei"),
        ("settings-profile", "/user/settings/profile"),
        ("settings-account", "/user/settings/account"),
        ("settings-appearance", "/user/settings/appearance"),
        ("settings-repositories", "/user/settings/repositories"),
        ("settings-security", "/user/settings/security"),
        ("settings-applications", "/user/settings/applications"),
        ("settings-organizations", "/user/settings/organizations"),
        ("organization-new", "/-/organizations/new"),
        ("organization", "/lab"),
        ("organization-people", "/lab/-/people"),
        ("organization-teams", "/lab/-/teams"),
        ("organization-team-new", "/lab/-/teams/new"),
        ("organization-team", "/lab/-/teams/Owners"),
        ("organization-team-edit", "/lab/-/teams/Owners/edit"),
        ("organization-settings", "/lab/-/settings"),
        ("organization-labels", "/lab/-/settings/labels"),
        ("invitations", "/-/invitations"),
        ("repository-settings", "/mei/llm/settings"),
        ("repository-collaborators", "/mei/llm/settings/collaborators"),
        ("repository-transfer", "/mei/llm/settings/transfer"),
        ("admin", "/-/admin"),
        ("admin-users", "/-/admin/users"),
        ("admin-invites", "/-/admin/invites"),
    ];
    for &language in Language::ALL {
        for (name, path) in pages {
            let answer = browser.get_in(path, language.as_str()).await;
            assert_eq!(answer.status.as_u16(), 200, "{path}");
            assert!(!answer.body.contains(" style="), "{path}");
            let html = answer.body.replace(hearth_web::assets::STYLE.path, "hearth.css");
            fs::write(folder.join(format!("{name}-{}.html", language.as_str())), html).expect("written");
        }
        for (name, path) in [("login", "/user/login"), ("sign-up", "/user/sign_up")] {
            let html = site.get(path, language.as_str()).await.body;
            let html = html.replace(hearth_web::assets::STYLE.path, "hearth.css");
            fs::write(folder.join(format!("{name}-{}.html", language.as_str())), html).expect("written");
        }
    }
}

#[expect(clippy::too_many_lines, reason = "one of everything")]
fn style(language: Language, theme: Theme) -> Style {
    let now = Timestamp::from_second(1_795_000_000);
    let page = Page {
        language,
        theme,
        viewer: Some(Viewer {
            name: "mei".parse::<UserName>().expect("a name"),
            display_name: "梅".to_owned(),
            is_admin: true,
        }),
        actor: hearth_app::Actor::anonymous(),
        client: hearth_app::ClientAddress::default(),
        csrf: "token".to_owned(),
        sign_up_mode: hearth_app::user::SignUpMode::Closed,
        path: "/mei/llm?page=4".to_owned(),
        flash: None,
        administering_until: None,
        now,
        reference: "abc".to_owned(),
        started: Instant::now(),
        registry: &hearth_pages_site::REGISTRY,
    };
    let curve = |start: f64, noise: f64| -> Vec<(f64, f64)> {
        (0..300)
            .map(|step| {
                (
                    f64::from(step),
                    start / (1.0 + f64::from(step) / 40.0) + noise * f64::from(step * 7919 % 13),
                )
            })
            .collect()
    };
    let chart = |title: &str, is_log: bool| {
        let series =
            vec![Series::new("train", curve(2.4, 0.01)), Series::new("validation", curve(2.6, 0.002))];
        let view = View { is_log, ..View::default() };
        Chart::new(title, Axis::Number("step".to_owned()), series).with_view(view)
    };
    let words = page.words();
    let line = |kind, old: &str, new: &str, text| Line {
        kind,
        old: old.to_owned(),
        new: new.to_owned(),
        html: Html::text(text),
        below: Html::default(),
    };
    let fields = vec![FieldError::new("name", "name-characters")];
    let mistakes =
        Mistakes::from_error(&page, hearth_core::Error::Invalid(fields), "name").expect("a form's mistakes");
    Style {
        head: RepositoryHead {
            urls: RepositoryUrls::new(RepositoryKind::Code, "mei", "llm"),
            owner: "mei".to_owned(),
            name: "llm".to_owned(),
            kind: RepositoryKind::Code,
            visibility: Visibility::Private,
            open_issues: 12,
            open_pulls: 2,
            forks: 3,
            origin: None,
            live_tasks: 2,
            models: 3,
            releases: 1,
            interest: hearth_app::repository::interest::Standing::default(),
            archived_at: None,
            is_template: false,
            can_administer: true,
            roles: hearth_core::Roles::whole(hearth_core::Permission::Administer),
            section: "code",
        },
        now,
        before: Timestamp::from_second(1_794_700_000),
        crumbs: vec![("src", "/mei/llm/src"), ("train.py", "")],
        loss: chart("loss", false).draw(words),
        rate: chart("learning rate", true).draw(words),
        spark: sparkline(&[1.0, 3.0, 2.0, 5.0, 4.0, 6.0], "rising"),
        body: Html::trusted(
            "<p>It happens with <code>bf16</code> alone. 只在 bf16 下出现。</p><pre><code>step 901 loss nan</code></pre>",
        ),
        lines: vec![
            Html::trusted("<span class=\"hl-k\">import</span> torch  <span class=\"hl-c\"># 注释</span>"),
            Html::trusted(
                "<span class=\"hl-k\">def</span> <span class=\"hl-f\">train</span>(steps: <span class=\"hl-t\">int</span> = <span class=\"hl-n\">2000</span>):",
            ),
            Html::trusted("    print(<span class=\"hl-s\">\"loss\"</span>)"),
        ],
        log: [
            "<div id=\"L1\"><a href=\"#L1\">1</a><code>epoch 1 <span class=\"t-green\">loss 2.31</span></code></div>",
            "<div id=\"L2\"><a href=\"#L2\">2</a><code>epoch 2 <span class=\"t-on-yellow t-bold\">loss</span> 1.80</code></div>",
            "<div id=\"L3\" class=\"is-error is-first\"><a href=\"#L3\">3</a><code>ERROR: <mark>out</mark> of memory</code></div>",
        ]
        .map(Html::trusted)
        .into(),
        file: DiffFile {
            id: "diff-1".to_owned(),
            path: "train.py".to_owned(),
            old_path: None,
            address: "/x".to_owned(),
            change: "modified".to_owned(),
            status: FileStatus::Modified,
            additions: 2,
            deletions: 1,
            facts: vec!["mode 100644 → 100755".to_owned()],
            note: None,
            content: None,
            review: None,
            body: Body::Unified(vec![DiffHunk {
                above: None,
                below: None,
                head: "@@ -10,3 +10,4 @@ def train".to_owned(),
                lines: vec![
                    line("same", "10", "10", "    for step in range(steps):"),
                    line("del", "11", "", "        rate = 3e-4"),
                    line("add", "", "11", "        rate = schedule(step)"),
                    line("add", "", "12", "        optimiser.rate = rate"),
                    line("same", "12", "13", "        loss.backward()"),
                ],
            }]),
        },
        query: DiffQuery::default(),
        mistakes,
        options: vec![("a", "Code"), ("b", "Model")],
        page,
    }
}
