//! Random rules, people and pushes of the real git: what the server lets through is what the model of the rules says.

use std::collections::HashMap;

use hearth_app::{
    Unit, access,
    branch_rule::{self, NewRule},
    repository,
};
use hearth_core::{Permission, RepositoryKind, RuleKind};
use hearth_git::{BranchName, ObjectId, RefName, TagName};
use proptest::prelude::*;

use crate::{
    listener::{Listener, both},
    rule_model::{NAMES, PARENTS, PATTERNS, PEOPLE, Rules, Step, Update, is_allowed, rules, steps},
};

fn full(kind: RuleKind, name: &str) -> RefName {
    match kind {
        RuleKind::Branch => BranchName::new(name).expect("a good name").full(),
        RuleKind::Tag => TagName::new(name).expect("a good name").full(),
    }
}

/// Where a reference of `mei/llm` is.
async fn at(server: &Listener, name: &RefName) -> Option<String> {
    let row = server.hearth.find_repository("mei/llm").await;
    let files = repository::git(&server.hearth.app, &row).await.expect("files");
    let name = name.clone();
    let found: Option<ObjectId> = files.run(move |git| git.reference(&name)).await.expect("an answer");
    found.map(|id| id.to_string())
}

async fn add_rules(server: &Listener, rules: &Rules) {
    let (app, mei) = (&server.hearth.app, server.hearth.actor("mei").await);
    let listed: Vec<_> = server.hearth.actor("cam").await.user_id().into_iter().collect();
    let entered = access::open(app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
    let access = entered.expect("there").administer().expect("the owner");
    for ((kind, pattern, _), rule) in PATTERNS.iter().zip(rules) {
        if let Some(rule) = rule {
            let new = NewRule { kind: *kind, pattern: (*pattern).into(), settings: rule.settings(&listed) };
            branch_rule::create(app, &access, &new).await.expect("created");
        }
    }
}

async fn push_all(rules: &Rules, steps: &[Step]) {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    for name in &PEOPLE[1..] {
        server.hearth.user(name).await;
        server.hearth.permit(&row, name, Permission::Write).await;
    }
    let mut urls = HashMap::new();
    for person in PEOPLE {
        urls.insert(person, server.url_of(person, "mei/llm.git").await);
    }
    let work = server.work(&urls["mei"], "work", &[("a", b"1\n")]).await;
    let git = async |arguments: &[&str]| server.good(&server.git(&work, arguments).await).trim().to_owned();
    git(&["push", "-q", "origin", "main"]).await;
    let tree = git(&["rev-parse", "HEAD^{tree}"]).await;
    let mut commits = vec![git(&["rev-parse", "HEAD"]).await];
    for (number, parents) in PARENTS.iter().enumerate().skip(1) {
        let message = format!("commit {number}");
        let mut arguments = vec!["commit-tree", &tree, "-m", &message];
        for parent in *parents {
            arguments.extend(["-p", &commits[*parent]]);
        }
        let made = git(&arguments).await;
        commits.push(made);
    }
    add_rules(&server, rules).await;

    let mut state = [None; NAMES.len()];
    for (person, place, new) in steps {
        let ((kind, name), old) = (NAMES[*place], state[*place]);
        if old == *new {
            continue;
        }
        let name_in_full = full(kind, name);
        let source = new.map(|new| commits[new].as_str()).unwrap_or_default();
        let refspec = format!("{source}:{name_in_full}");
        let pushed = server.git(&work, &["push", "--force", &urls[person], &refspec]).await;
        let said = both(&pushed);
        if is_allowed(rules, person, name, Update { kind, old, new: *new }) {
            assert!(pushed.status.success(), "{person} {refspec}: {said}");
            state[*place] = *new;
        } else {
            assert!(!pushed.status.success() && said.contains("rule"), "{person} {refspec}: {said}");
        }
        let expected = state[*place].map(|commit: usize| commits[commit].clone());
        assert_eq!(at(&server, &name_in_full).await, expected, "{person} {refspec}: {said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn pushes_move_references_as_far_as_every_rule_lets_them(rules in rules(), steps in steps()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("threads").block_on(push_all(&rules, &steps));
    }
}
