//! A lab: its people, a team that may train but not push, and a transferred repository.

use hearth_tests::{Git, Screen, TestServer};

use super::Walk;

#[test]
fn a_lab_works_together_and_each_does_what_their_team_may() {
    let server = TestServer::start();
    let (mei, bo) = (server.admin("mei"), server.person("bo"));
    let mut walk = Walk::begin(&server);
    walk.sign_in(&mei);

    walk.browser.goto("/-/organizations/new");
    walk.picture("20-new-organization");
    walk.send(
        "form[action=\"/-/organizations/new\"]",
        &[("name", "lab"), ("display_name", "The lab"), ("description", "We train small models.")],
    );
    assert_eq!(walk.browser.path(), "/lab");

    walk.browser.goto("/lab/-/teams/new");
    let form = "form[action=\"/lab/-/teams/new\"]";
    walk.browser.click("[name=role-code][value=read]");
    walk.browser.click("[name=role-tasks][value=write]");
    walk.picture("21-new-team");
    walk.browser.click("[name=reach][value=all]");
    walk.browser.click("[name=role-code][value=read]");
    walk.browser.click("[name=role-tasks][value=write]");
    walk.send(form, &[("name", "trainers"), ("description", "They train.")]);
    assert_eq!(walk.browser.path(), "/lab/-/teams/trainers");

    walk.browser.goto("/lab/-/people");
    walk.send("form[action=\"/lab/-/people/invite\"]", &[("name", "bo")]);
    assert!(walk.browser.words().contains("bo"), "{}", walk.browser.words());
    walk.picture("22-people");

    walk.browser.goto("/repo/create?owner=lab");
    walk.browser.click("[name=visibility][value=private]");
    walk.send("form[action=\"/repo/create\"]", &[("name", "digits")]);
    assert_eq!(walk.browser.path(), "/lab/digits");
    let address = server.url("/lab/digits.git");
    let program = "print('loss=0.5')\n";
    Git::of(&mei).begin("digits", &address, &[("README.md", "# Digits\n"), ("train.py", program)]);

    // Before they have joined, it is invisible to them.
    let bo_git = Git::of(&bo);
    assert!(!bo_git.attempt(&["clone", "--quiet", &address, "before"]).succeeded);
    let mut theirs = Walk::begin(&server);
    theirs.sign_in(&bo);
    theirs.browser.goto("/-/invitations");
    theirs.picture("23-invitations");
    theirs.browser.follow("form[action$=\"/accept\"] button");
    theirs.browser.goto("/lab");
    theirs.picture("24-organization");
    theirs.browser.goto("/lab/digits");
    theirs.picture("25-repository-of-a-lab");

    // Their team may train, but not push.
    theirs.browser.goto("/lab/digits/tasks/new");
    assert!(theirs.browser.has("[name=boot_file] option[value=\"train.py\"]"));
    let mut bo_git = Git::of(&bo);
    bo_git.run(&["clone", "--quiet", &address, "digits"]);
    bo_git.enter("digits").write("train.py", "print('loss=0.1')\n");
    bo_git.commit("Train better");
    let refused = bo_git.attempt(&["push", "--quiet"]);
    assert!(!refused.succeeded && refused.err.contains("403"), "{}", refused.err);

    walk.browser.goto("/lab/-/teams/trainers");
    walk.picture("26-team");
    walk.browser.goto("/lab/-/settings");
    walk.picture("27-organization-settings");
    walk.browser.goto("/lab/digits/settings/collaborators");
    walk.send("form[action=\"/lab/digits/settings/collaborators\"]", &[("name", "bo")]);
    walk.picture("28-collaborators");

    // A transferred repository is found under its old name.
    walk.browser.goto("/lab/digits/settings/transfer");
    walk.picture("29-transfer");
    let form = "form[action=\"/lab/digits/settings/transfer\"]";
    walk.send(form, &[("new_owner", "bo"), ("confirm", "lab/digits")]);
    walk.picture("30-transfer-asked");
    theirs.browser.goto("/");
    theirs.picture("31-dashboard-of-who-is-asked");
    theirs.browser.goto("/-/invitations");
    theirs.browser.follow("form[action$=\"/accept\"] button");
    theirs.browser.goto("/lab/digits");
    assert_eq!(theirs.browser.path(), "/bo/digits");
    bo_git.run(&["push", "--quiet"]);

    walk.browser.goto("/mei");
    walk.picture("32-profile");
    walk.browser.goto("/user/settings/organizations");
    walk.picture("33-own-organizations");
    walk.browser.screen(Screen { width: 1440, dark: true });
    walk.browser.goto("/lab");
    walk.browser.picture("24-organization-dark-1440");
    walk.browser.goto("/lab/-/people");
    walk.browser.picture("22-people-dark-1440");
    theirs.end();
    walk.end();
}
