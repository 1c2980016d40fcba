//! Random rules, people and changes: what the server lets through is what the model of the rules says.

use hearth_app::{
    branch_rule::{self, NewRule},
    content,
    merge::{self, NewMerge},
    reference::{self, BranchMove},
    repository,
};
use hearth_core::{Action, Error, MergeMethod, Permission, Result, RuleKind, UserId};
use hearth_git::{BranchName, CommitParts, ObjectId, RefName, TagName};
use proptest::{prelude::*, sample::select};

use super::{
    BASE, World,
    rule_model::{
        LISTED, NAMES, PARENTS, PATTERNS, PEOPLE, Rule, TIP, Update, is_allowed, rule, rules, steps,
    },
};

impl World {
    async fn with_cam() -> Self {
        let world = Self::new().await;
        world.hearth.user(LISTED).await;
        let row = world.hearth.find_repository("mei/llm").await;
        world.hearth.permit(&row, LISTED, Permission::Write).await;
        world
    }

    async fn add_rule(&self, kind: RuleKind, pattern: &str, rule: Rule) {
        let mut listed: Vec<UserId> = Vec::new();
        // Bo only reads: that he is listed lets him write nothing.
        for name in [LISTED, "bo"] {
            listed.extend(self.hearth.actor(name).await.user_id());
        }
        let new = NewRule { kind, pattern: pattern.into(), settings: rule.settings(&listed) };
        branch_rule::create(&self.hearth.app, &self.administering().await, &new).await.expect("created");
    }

    async fn files(&self) -> hearth_git::Repository {
        let row = self.hearth.find_repository("mei/llm").await;
        repository::git(&self.hearth.app, &row).await.expect("files")
    }

    async fn at(&self, name: &RefName) -> Option<ObjectId> {
        let (files, name) = (self.files().await, name.clone());
        files.run(move |git| git.reference(&name)).await.expect("an answer")
    }

    /// Writes the commits of the model, on top of what the default branch has.
    async fn write_commits(&self) -> Vec<ObjectId> {
        let files = self.files().await;
        let tip = self.at(&full(RuleKind::Branch, "main")).await.expect("it has a commit");
        let author = content::signature(&self.hearth.app, self.writing("mei").await.writer());
        let mut commits = vec![tip];
        for (number, parents) in PARENTS.iter().enumerate().skip(1) {
            let parents: Vec<ObjectId> = parents.iter().map(|parent| commits[*parent]).collect();
            let author = author.clone();
            let made = files.run(move |git| {
                git.write_commit(&CommitParts {
                    tree: git.commit(tip)?.tree,
                    parents,
                    author: author.clone(),
                    committer: author,
                    message: format!("commit {number}"),
                })
            });
            commits.push(made.await.expect("written"));
        }
        assert_eq!(commits[TIP], tip);
        commits
    }

    /// Asks the server for a change, in the way that pages and programs have for it.
    async fn change(
        &self,
        person: &str,
        (kind, name): (RuleKind, &str),
        old: Option<ObjectId>,
        new: Option<ObjectId>,
    ) -> Result<()> {
        let (app, writing) = (&self.hearth.app, self.writing(person).await);
        match (kind, old, new) {
            (RuleKind::Branch, None, Some(new)) => {
                reference::create_branch(app, &writing, name, &new.to_string()).await.map(drop)
            }
            (RuleKind::Branch, Some(_), Some(new)) => {
                let wanted = BranchMove { to: new.to_string(), from: None, is_forced: true };
                reference::move_branch(app, &writing, name, wanted).await
            }
            (RuleKind::Branch, _, None) => reference::delete_branch(app, &writing, name).await,
            (RuleKind::Tag, _, Some(new)) => {
                reference::create_tag(app, &writing, name, &new.to_string(), "").await.map(drop)
            }
            (RuleKind::Tag, _, None) => reference::delete_tag(app, &writing, name).await,
        }
    }
}

fn full(kind: RuleKind, name: &str) -> RefName {
    match kind {
        RuleKind::Branch => BranchName::new(name).expect("a good name").full(),
        RuleKind::Tag => TagName::new(name).expect("a good name").full(),
    }
}

fn is_refused<T>(answer: &Result<T>) -> bool {
    matches!(answer, Err(Error::Forbidden(Action::BranchRule | Action::MergeMethod)))
}

/// Runs one case of a test.
fn run(case: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("threads").block_on(case);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn references_move_as_far_as_every_rule_lets_them(rules in rules(), steps in steps()) {
        run(async {
            let world = World::with_cam().await;
            let commits = world.write_commits().await;
            for ((kind, pattern, _), rule) in PATTERNS.iter().zip(&rules) {
                if let Some(rule) = rule {
                    world.add_rule(*kind, pattern, *rule).await;
                }
            }
            let mut state = [None; NAMES.len()];
            for (person, place, new) in &steps {
                let ((kind, name), old) = (NAMES[*place], state[*place]);
                // What is not there is not deleted, and no page or call moves a tag.
                if old == *new || (kind == RuleKind::Tag && old.is_some() && new.is_some()) {
                    continue;
                }
                let update = Update { kind, old, new: *new };
                let ids = |commit: Option<usize>| commit.map(|commit| commits[commit]);
                let answer = world.change(person, (kind, name), ids(old), ids(*new)).await;
                if is_allowed(&rules, person, name, update) {
                    assert!(answer.is_ok(), "{person} {name} {update:?}: {answer:?}");
                    state[*place] = *new;
                } else {
                    assert!(is_refused(&answer), "{person} {name} {update:?}: {answer:?}");
                }
                assert_eq!(world.at(&full(kind, name)).await, ids(state[*place]), "{person} {name} {update:?}");
            }
        });
    }

    #[test]
    fn a_pull_request_is_merged_as_far_as_every_rule_lets_it(
        held in [prop::option::of(rule()), prop::option::of(rule())],
        person in select(PEOPLE.to_vec()),
        method in select(MergeMethod::ALL.to_vec()),
        bypasses in any::<bool>(),
    ) {
        run(async {
            let world = World::with_cam().await;
            world.push(&BASE.replace("five", "5")).await;
            let number = world.open().await;
            for (pattern, rule) in ["main", "**"].into_iter().zip(&held) {
                if let Some(rule) = rule {
                    world.add_rule(RuleKind::Branch, pattern, *rule).await;
                }
            }
            let makes_merge = matches!(method, MergeMethod::Merge | MergeMethod::RebaseMerge);
            // Neither the commit of the branch nor what the server makes is signed.
            let is_met = |rule: &Rule| {
                rule.merge.means(person) && !(rule.linear_history && makes_merge) && !rule.signed_commits
            };
            let may_bypass = |rule: &Rule| bypasses && rule.bypass.means(person);
            let held: Vec<&Rule> = held.iter().flatten().collect();
            // Who may bypass some of the rules only may be asked to meet all of them.
            let must_be_let = held.iter().all(|rule| is_met(rule)) || held.iter().all(|rule| may_bypass(rule));
            let may_be_let = held.iter().all(|rule| is_met(rule) || may_bypass(rule));

            let main = full(RuleKind::Branch, "main");
            let before = world.at(&main).await;
            let writing = world.access(person).await.write().expect("a writer");
            let new = NewMerge {
                method,
                title: String::new(),
                message: String::new(),
                expected_head: None,
                deletes_branch: false,
                bypasses,
            };
            let answer = merge::merge(&world.hearth.app, &writing, number, new).await;
            let after = world.at(&main).await;
            match answer {
                Ok(merged) => assert!(may_be_let && after == Some(merged.commit), "{person} {held:?}"),
                refused => {
                    assert!(is_refused(&refused), "{refused:?}");
                    assert!(!must_be_let && after == before, "{person} {held:?}");
                }
            }
            world.hearth.run_jobs().await;
        });
    }
}
