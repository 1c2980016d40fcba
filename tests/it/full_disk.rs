//! A full disk: every kind of write reports it, nothing that was acknowledged is lost, and once there is
//! space again everything goes on.

use std::time::Duration;

use data_encoding::BASE64;
use hearth_tests::{Answer, Git, Person, Session, SmallDisk, TestServer, noise, skip, wait_until};
use serde_json::json;

const PATIENCE: Duration = Duration::from_secs(30);
/// A database's log has some spare space, which small writes use up first.
const MOST_TRIES: usize = 400;

/// One kind of write; it is passed the number of the try.
struct Way<'a> {
    name: &'static str,
    done: u16,
    write: Box<dyn Fn(usize) -> Answer + 'a>,
}

fn ways<'a>(mei: &'a Person, session: &'a Session) -> Vec<Way<'a>> {
    let post = |rest: &'static str| mei.repository_api("llm", rest);
    let (issues, branches) = (post("/issues"), post("/branches"));
    vec![
        Way {
            name: "open an issue",
            done: 201,
            write: Box::new(move |number| {
                mei.api
                    .post(&issues, &json!({ "title": format!("Issue {number}"), "body": "x".repeat(3000) }))
            }),
        },
        Way {
            name: "open an issue by its form",
            done: 303,
            write: Box::new(move |number| {
                let title = format!("By a form {number}");
                let body = "x".repeat(3000);
                session.submit("/mei/llm/issues/new", &[("title", &title), ("body", &body)])
            }),
        },
        Way {
            name: "write a file",
            done: 201,
            write: Box::new(move |number| {
                let path = mei.repository_api("llm", &format!("/contents/file-{number}.bin"));
                let content = BASE64.encode(&noise(10 + number as u64, 20_000));
                mei.api.post(&path, &json!({ "content": content, "message": "More" }))
            }),
        },
        Way {
            name: "create a branch",
            done: 201,
            write: Box::new(move |number| {
                mei.api.post(&branches, &json!({ "new_branch_name": format!("branch-{number}") }))
            }),
        },
        Way {
            name: "create a repository",
            done: 201,
            write: Box::new(move |number| {
                let name = format!("more-{number}");
                mei.api.post("/api/v1/user/repos", &json!({ "name": name, "auto_init": true }))
            }),
        },
        Way { name: "sign in", done: 303, write: Box::new(move |_| Session::attempt(mei).1) },
    ]
}

/// A refusal says what is wrong: on a page to people, in JSON to programs.
fn assert_said(what: &str, answer: &Answer) {
    assert!(matches!(answer.status, 503 | 507), "{what}: {} {}", answer.status, answer.body);
    let kind = answer.header("content-type");
    if kind.starts_with("text/html") {
        assert!(answer.body.contains("</html>") && answer.body.contains("<h1"), "{what}: {}", answer.body);
    } else {
        let message = answer.json()["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(' '), "{what}: {}", answer.body);
    }
}

#[test]
fn on_a_full_disk_every_way_to_write_is_refused_in_words_and_works_again_with_room() {
    let Some(disk) = SmallDisk::mount() else {
        return skip("a small file system can be mounted by root only");
    };
    let server = TestServer::builder().on_sqlite().data(&disk.path().join("data")).start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    let kept = git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    let session = Session::of(&mei);
    let nobody = server.anonymous();

    let mut acknowledged = Vec::new();
    for way in ways(&mei, &session) {
        let refused = (0..MOST_TRIES).find_map(|number| {
            disk.fill();
            let answer = (way.write)(number);
            if answer.status == way.done {
                acknowledged.push((way.name, number));
                return None;
            }
            Some(answer)
        });
        let refused = refused.unwrap_or_else(|| panic!("{}: it was never refused", way.name));
        assert_said(way.name, &refused);
    }
    let pushed = {
        git.write("more.bin", noise(3, 1 << 20));
        git.commit("More");
        git.attempt(&["push"])
    };
    assert!(!pushed.succeeded, "{}", pushed.err);
    wait_until("the server to say so", PATIENCE, || nobody.get("/readyz").status == 503);
    let told = nobody.get("/readyz").json();
    assert_eq!(told["disk"], "fail", "{told}");
    assert!(told["reasons"]["disk"].as_str().is_some_and(|why| why.contains(' ')), "{told}");
    for page in ["/", "/mei/llm", "/mei/llm/issues", "/mei/llm/src/branch/main/README.md", "/healthz"] {
        let _ = nobody.get(page).expect(200);
    }
    assert!(git.run(&["ls-remote", "origin", "HEAD"]).len() > kept.len());

    disk.make_room();
    wait_until("room again", PATIENCE, || nobody.get("/readyz").status == 200);
    for way in ways(&mei, &session) {
        let answer = (way.write)(MOST_TRIES);
        assert_eq!(answer.status, way.done, "{}: {}", way.name, answer.body);
        acknowledged.push((way.name, MOST_TRIES));
    }
    git.run(&["pull", "--quiet", "--rebase"]);
    git.run(&["push", "--quiet"]);
    assert_nothing_is_lost(&server, &mei, &acknowledged);
}

/// Everything that was acknowledged is there, and everything else is sound.
fn assert_nothing_is_lost(server: &TestServer, mei: &Person, acknowledged: &[(&str, usize)]) {
    let titles = server.ask_database("SELECT title FROM threads");
    for (what, number) in acknowledged {
        let status = |path: &str| mei.api.get(path).status;
        let is_there = match *what {
            "open an issue" => titles.contains(&format!("Issue {number}")),
            "open an issue by its form" => titles.contains(&format!("By a form {number}")),
            "write a file" => {
                status(&mei.repository_api("llm", &format!("/contents/file-{number}.bin"))) == 200
            }
            "create a branch" => {
                status(&mei.repository_api("llm", &format!("/branches/branch-{number}"))) == 200
            }
            "create a repository" => {
                let file = mei.repository_api(&format!("more-{number}"), "/contents/README.md");
                status(&file) == 200
            }
            _ => true,
        };
        assert!(is_there, "{what} {number} was acknowledged");
    }
    let found = server.attempt(&["doctor", "--deep"]);
    assert!(found.succeeded, "{}{}", found.out, found.err);
}
