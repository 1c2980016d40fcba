//! Every page once, as a visitor and as an administrator: none is wider than a phone, and all can be used by
//! everybody.

use hearth_tests::{Git, TestServer};

use super::Walk;

/// Pages that a visitor sees.
const PUBLIC: &[&str] = &[
    "/",
    "/-/about",
    "/user/login",
    "/user/sign_up",
    "/explore/repos",
    "/explore/users",
    "/no/such/page",
    "/mei/llm",
    "/mei/llm/issues",
    "/mei/llm/issues/1",
    "/mei/llm/releases",
    "/mei/llm/stars",
];

/// Pages that need an account, a repository or a right.
const OWN: &[&str] = &[
    "/",
    "/mei",
    "/repo/create",
    "/tasks",
    "/-/invitations",
    "/-/organizations/new",
    "/user/settings/profile",
    "/user/settings/account",
    "/user/settings/appearance",
    "/user/settings/gpg-keys",
    "/user/settings/keys",
    "/user/settings/applications",
    "/user/settings/organizations",
    "/mei/empty",
    "/mei/llm",
    "/mei/llm/src/branch/main/src",
    "/mei/llm/src/branch/main/src/train.py",
    "/mei/llm/src/branch/main/README.md",
    "/mei/llm/branches",
    "/mei/llm/tags",
    "/mei/llm/releases",
    "/mei/llm/releases/new",
    "/mei/llm/topics",
    "/mei/llm/watchers",
    "/mei/llm/forks",
    "/mei/llm/commits/branch/main",
    "/mei/llm/blame/branch/main/src/train.py",
    "/mei/llm/contributors",
    "/mei/llm/delete/branch/main/src/train.py",
    "/mei/llm/edit/branch/main/src/train.py",
    "/mei/llm/graph",
    "/mei/llm/new/branch/main",
    "/mei/llm/search?q=train",
    "/mei/llm/upload/branch/main",
    "/mei/llm/activity",
    "/mei/llm/labels",
    "/mei/llm/models",
    "/mei/llm/issues",
    "/mei/llm/issues/new",
    "/mei/llm/issues/1",
    "/mei/llm/tasks",
    "/mei/llm/tasks/new",
    "/mei/llm/settings",
    "/mei/llm/settings/collaborators",
    "/mei/llm/settings/transfer",
    "/lab",
    "/lab/-/people",
    "/lab/-/teams",
    "/lab/-/teams/new",
    "/lab/-/teams/Owners",
    "/lab/-/settings",
    "/-/admin",
    "/-/admin/users",
    "/-/admin/invites",
    "/-/admin/audit",
    "/-/admin/jobs",
    "/-/admin/large-files",
    "/-/admin/mail",
    "/-/admin/compute",
    "/-/admin/compute/accelerators",
    "/-/admin/compute/specs",
    "/-/admin/compute/specs/new",
    "/-/admin/compute/images",
    "/-/admin/compute/images/new",
    "/-/admin/compute/quotas",
    "/-/admin/compute/scenes",
    "/-/admin/compute/nodes",
    "/-/admin/compute/matrix",
    "/-/admin/compute/forecasts",
    "/-/admin/compute/pools/new",
];

#[test]
fn every_page_fits_a_phone_and_can_be_used_by_everybody() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    for name in ["empty", "llm"] {
        mei.create_repository(name);
    }
    let readme = "# Digits\n\n- [ ] one\n- [x] two\n\n```\na line that is much longer than any phone is wide, so that it scrolls by itself and not the whole page\n```\n";
    let files = [("README.md", readme), ("src/train.py", "print('loss=0.5')\n")];
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &files);
    let issue = serde_json::json!({ "title": "It does not learn", "body": "- [ ] look\n- [x] think" });
    let lab = serde_json::json!({ "username": "lab" });
    for (path, body) in [(mei.repository_api("llm", "/issues"), issue), ("/api/v1/orgs".to_owned(), lab)] {
        assert_eq!(mei.api.post(&path, &body).status, 201, "{path}");
    }

    let mut walk = Walk::begin(&server);
    for path in PUBLIC {
        walk.look(path);
    }
    walk.sign_in(&mei);
    walk.browser.goto("/-/administering");
    walk.browser.follow("main form button.button-danger");
    for path in OWN {
        walk.look(path);
    }
    walk.browser.goto("/mei/llm/commits/branch/main");
    walk.browser.follow(".list-title a");
    walk.look(&walk.browser.path());
    walk.end();
}
