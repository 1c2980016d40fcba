use axum::http::StatusCode;
use hearth_app::task::NewTask;
use hearth_core::TaskId;

use crate::laboratory::Laboratory;

const FORM: &str = "/mei/llm/tasks/new";

#[tokio::test]
async fn one_page_launches_a_task_pinned_to_its_commit() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let shown = mei.get(FORM).await;
    assert_eq!(shown.status, StatusCode::OK);
    for part in [
        "train.py",
        "tools/check.py",
        "Python 3.11",
        "cpu-1",
        "cpu-2",
        "Free now",
        "curl --request POST",
        "hearth run train.py",
    ] {
        assert!(shown.body.contains(part), "{part} is missing in {}", shown.body);
    }
    assert!(shown.body.len() < 60 << 10);
    let fields = [
        ("boot_file", "tools/check.py"),
        ("parameter_name", "lr"),
        ("parameter_value", "0.1"),
        ("parameter_name", ""),
        ("parameter_value", ""),
        ("name", "第一次"),
        ("spec", "cpu-1"),
        ("image", "python-3.11"),
    ];
    let sent = mei.post(FORM, FORM, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let task = mei.get(sent.header("location")).await;
    assert!(task.body.contains("第一次") && task.body.contains("0.1"), "{}", task.body);
    let clone =
        mei.get(&format!("{FORM}?from={}", sent.header("location").rsplit('/').next().expect("an id"))).await;
    assert!(clone.body.contains("value=\"tools/check.py\" selected") && clone.body.contains("value=\"0.1\""));
}

#[tokio::test]
async fn a_repeated_task_offers_the_newest_code_first_and_says_how_it_differs() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let task = laboratory.launch("one").await;
    let form = format!("{FORM}?from={task}");
    let same = mei.get(&form).await.body;
    assert!(same.contains("The same commit that the task ran"), "{same}");
    laboratory.write("fix.py", "pass\n").await;
    let moved = mei.get(&form).await.body;
    assert!(
        moved.contains("1 commit newer than what the task ran") && moved.contains("Add fix.py"),
        "{moved}"
    );
    assert!(moved.contains("name=\"code\" value=\"main\" checked"), "{moved}");
    let pinned = moved.split("name=\"code\" value=\"").nth(2).and_then(|rest| rest.split('"').next());
    let pinned = pinned.expect("a pinned commit").to_owned();
    let launch = async |code: &str| {
        let parent = task.to_string();
        let fields = [("parent", parent.as_str()), ("code", code), ("boot_file", "train.py")];
        let sent = mei.post(FORM, FORM, &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
        mei.get(sent.header("location")).await.body
    };
    assert!(launch(&pinned).await.contains(&format!("/mei/llm/commit/{pinned}")));
    assert!(!launch("main").await.contains(&format!("/mei/llm/commit/{pinned}")));
}

#[tokio::test]
async fn a_link_repeats_a_task_in_another_image_and_a_typed_revision_wins() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let task = laboratory.launch("one").await;
    let linked = mei.get(&format!("{FORM}?from={task}&image=other")).await.body;
    assert!(linked.contains("<dd>other</dd>"), "{linked}");
    let parent = task.to_string();
    let fields =
        [("parent", parent.as_str()), ("code", "main"), ("revision", "no-such"), ("boot_file", "train.py")];
    let refused = mei.post(FORM, FORM, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("value=\"no-such\""), "{}", refused.body);
}

#[tokio::test]
async fn the_form_says_what_becomes_of_the_packages_that_the_code_names() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    assert!(!mei.get(FORM).await.body.contains("requirements.txt"));
    laboratory.write("requirements.txt", "torch>=2\n# fast\nnumpy\n").await;
    let off = mei.get(FORM).await.body;
    assert!(off.contains("the engines of this site do not install packages"), "{off}");
    laboratory.install_packages();
    let on = mei.get(FORM).await.body;
    assert!(on.contains("requirements.txt: 2 packages will be installed before the program starts"), "{on}");
    let launch = async |fields: &[(&str, &str)]| {
        let sent = mei.post(FORM, FORM, &[&[("boot_file", "train.py")], fields].concat()).await;
        let id = sent.header("location").rsplit('/').next().expect("an id").to_owned();
        laboratory.agent(TaskId(id.parse().expect("a number"))).await;
        laboratory.requirements_of(&id)
    };
    assert!(launch(&[]).await);
    assert!(!launch(&[("skip_requirements", "true")]).await);
}

#[tokio::test]
async fn a_command_runs_in_place_of_the_boot_file_and_can_be_cloned() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let line = "make 'all <b>' && python train.py";
    let fields = [("boot_file", "train.py"), ("command", line), ("spec", "cpu-1"), ("image", "python-3.11")];
    let mixed = [fields.as_slice(), &[("parameter_name", "lr"), ("parameter_value", "0.1")]].concat();
    let refused = mei.post(FORM, FORM, &mixed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("Put them in the command"), "{}", refused.body);
    let sent = mei.post(FORM, FORM, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let shown = "make &#39;all &#60;b&#62;&#39; &#38;&#38; python train.py";
    let task = mei.get(sent.header("location")).await;
    assert!(task.body.contains(shown), "{}", task.body);
    let id = sent.header("location").rsplit('/').next().expect("an id");
    let clone = mei.get(&format!("{FORM}?from={id}")).await;
    assert!(clone.body.contains(shown) && clone.body.contains("<details open"), "{}", clone.body);
}

#[tokio::test]
async fn mistakes_stand_beside_their_fields_and_nothing_typed_is_lost() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let fields = [
        ("boot_file", "train.py"),
        ("revision", "no-such-branch"),
        ("name", "kept <b>"),
        ("parameter_name", "--lr"),
        ("parameter_value", "kept-value"),
        ("time_limit", "30"),
    ];
    let sent = mei.post(FORM, FORM, &fields).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(sent.body.contains("Branch, tag or commit not found."));
    assert!(sent.body.contains("kept &#60;b&#62;") || sent.body.contains("kept &lt;b&gt;"), "{}", sent.body);
    assert!(sent.body.contains("kept-value"));
    let bad_limit = mei.post(FORM, FORM, &[("boot_file", "train.py"), ("time_limit", "soon")]).await;
    assert!(bad_limit.body.contains("Enter a whole number."));
}

#[tokio::test]
async fn all_mistakes_are_told_at_once() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let fields = [
        ("boot_file", "absent.py"),
        ("name", "a/b"),
        ("nodes", "two"),
        ("time_limit", "soon"),
        ("priority", "5"),
        ("image", "no-such-image"),
    ];
    let sent = mei.post(FORM, FORM, &fields).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["boot_file", "name", "nodes", "time_limit", "priority", "image"] {
        assert!(sent.body.contains(&format!("<a href=\"#field-{field}\">")), "{field}: {}", sent.body);
    }
    let list = mei.get("/mei/llm/tasks").await;
    assert!(!list.body.contains("task-table"), "nothing was launched: {}", list.body);
}

#[tokio::test]
async fn a_branch_that_is_missing_has_no_commit_and_no_tick() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let known = mei.get(FORM).await;
    let commit = known.between("<span class=\"mono muted\">", "</span>").to_owned();
    assert!(known.body.contains("<li class=\"is-good\">"));
    let looked = mei.post(FORM, FORM, &[("do", "look"), ("revision", "absent"), ("nodes", "x")]).await;
    assert!(!looked.body.contains(&commit), "{}", looked.body);
    assert!(looked.body.contains("There is no branch, tag or commit absent."), "{}", looked.body);
    assert!(!looked.body.contains("<li class=\"is-good\">"), "{}", looked.body);
}

#[tokio::test]
async fn sending_a_form_twice_is_one_task() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let fields = [("boot_file", "train.py"), ("request_key", "the-same")];
    let first = mei.post(FORM, FORM, &fields).await;
    let second = mei.post(FORM, FORM, &fields).await;
    assert_eq!(first.header("location"), second.header("location"));
}

#[tokio::test]
async fn another_revision_is_looked_at_without_launching() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let looked = mei.post(FORM, FORM, &[("do", "look"), ("revision", "main"), ("name", "kept")]).await;
    assert_eq!(looked.status, StatusCode::OK);
    assert!(looked.body.contains("value=\"kept\"") && looked.body.contains("Python files at main"));
}

#[tokio::test]
async fn what_was_filled_in_is_shown_as_commands_without_a_script() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    let fields = [
        ("do", "command"),
        ("boot_file", "tools/check.py"),
        ("parameter_name", "note"),
        ("parameter_value", "it's $HOME"),
        ("spec", "cpu-2"),
        ("image", "python-3.11"),
        ("kind", "train"),
        ("time_limit", "30"),
    ];
    let shown = mei.post(FORM, FORM, &fields).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("<details id=\"as-command\" open>"), "{}", shown.body);
    let text = shown.body.replace("&#39;", "'").replace("&#x27;", "'").replace("&#34;", "\"");
    for part in [
        "hearth run tools/check.py --param 'note=it'\\''s $HOME' --ref main",
        "--image python-3.11 --spec cpu-2 --kind train --time-limit 30m",
        "--repo mei/llm",
        "--follow",
        "\"Authorization: token $HEARTH_TOKEN\"",
        "it'\\''s $HOME",
    ] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    let list = mei.get("/mei/llm/tasks").await;
    assert!(list.body.contains("hearth run train.py --follow"), "nothing was launched: {}", list.body);
}

#[tokio::test]
async fn who_may_only_read_cannot_launch() {
    let laboratory = Laboratory::new().await;
    let bo = laboratory.site.signed_in("bo").await;
    assert_eq!(bo.get(FORM).await.status, StatusCode::FORBIDDEN);
    let anonymous = laboratory.site.get(FORM, "en").await;
    assert_eq!(anonymous.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_form_says_before_it_is_sent_what_a_task_would_wait_for() {
    let laboratory = Laboratory::new().await;
    let running = laboratory.launch_as(NewTask { spec: "cpu-1".into(), ..NewTask::script("train.py") });
    laboratory.agent(running.await).await.start().await;
    let mei = laboratory.site.signed_in("mei").await;
    let whole = mei.post(FORM, FORM, &[("do", "look"), ("boot_file", "train.py"), ("spec", "cpu-2")]).await;
    assert!(whole.body.contains("Waits at position 1 in the queue"), "{}", whole.body);
    assert!(whole.body.contains("Not enough free CPUs"));
    let half = mei.post(FORM, FORM, &[("do", "look"), ("boot_file", "train.py"), ("spec", "cpu-1")]).await;
    assert!(half.body.contains("Starts immediately"), "{}", half.body);
    let two = mei.post(FORM, FORM, &[("do", "look"), ("spec", "cpu-1"), ("nodes", "2")]).await;
    assert!(two.body.contains("Too large for every machine"), "there is one machine: {}", two.body);
    let many = mei.post(FORM, FORM, &[("boot_file", "train.py"), ("spec", "cpu-1"), ("nodes", "99")]).await;
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(many.body.contains("value=\"99\""), "what was typed is kept");
}

#[tokio::test]
async fn only_administrators_raise_the_priority() {
    let laboratory = Laboratory::new().await;
    let mei = laboratory.site.signed_in("mei").await;
    assert!(!mei.get(FORM).await.body.contains("name=\"priority\""));
    let sent = mei.post(FORM, FORM, &[("boot_file", "train.py"), ("priority", "5")]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let boss = laboratory.site.signed_in_admin("boss").await;
    boss.post("/", "/-/administering", &[("value", "on")]).await;
    assert!(boss.get(FORM).await.body.contains("name=\"priority\""));
}
