use hearth_git::{
    Bound, CommitPair, Error, LineKind, MOST_COMMITS, ObjectId, OpenRepository, PairStatus, PatchId,
    PatchLine, Range,
};

use super::{
    model::{File, Import, Maker, Mark, State},
    pushes::Story,
};
use crate::support::{Fixture, client};

/// What was paired: the patches of both commits, as their identities. Which of two commits with the same patch it
/// was is left out, for each program takes another one.
type Verdict = [Option<PatchId>; 2];

/// The commits that `git range-diff` pairs, one pair a line: number, id, sign, number and id.
fn pairs_of_git(fixture: &Fixture, old: &Range, new: &Range) -> Vec<[Option<ObjectId>; 2]> {
    let output = client(fixture.repository.path())
        .args(["-c", "core.abbrev=40", "range-diff", "--no-patch", "--no-color"])
        .args([format!("{}..{}", old.base, old.head), format!("{}..{}", new.base, new.head)])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let ids = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().filter(|word| word.len() == 40).collect();
        [words[0], words[1]].map(|word| word.parse().ok())
    };
    text.lines().map(ids).collect()
}

/// The pairs of either program as verdicts, in an order of their own.
fn verdicts(git: &OpenRepository, pairs: &[[Option<ObjectId>; 2]]) -> hearth_git::Result<Vec<Verdict>> {
    let patch = |id: Option<ObjectId>| -> hearth_git::Result<Option<PatchId>> {
        let Some(id) = id else { return Ok(None) };
        git.patch_id(git.commit(id)?.parents.first().copied(), id).map(Some)
    };
    let mut verdicts = Vec::new();
    for [old, new] in pairs {
        verdicts.push([patch(*old)?, patch(*new)?]);
    }
    verdicts.sort_unstable();
    Ok(verdicts)
}

#[tokio::test]
async fn commits_are_paired_as_git_pairs_them() {
    let (mut agreed, mut compared) = (0, 0);
    let mut differences = Vec::new();
    for seed in 1..=4 {
        let mut story = Story::new(seed);
        let versions: Vec<_> = (0..=20).map(|number| story.push(number == 0)).collect();
        let fixture = Fixture::new().await;
        let id = story.import.run(&fixture.repository);
        for pair in versions.windows(2) {
            let range = |at: usize| Range { base: id(pair[at].base), head: id(pair[at].head) };
            let (old, new) = (range(0), range(1));
            let theirs = pairs_of_git(&fixture, &old, &new);
            let (ours, theirs) = fixture
                .repository
                .run_expensive(move |git| {
                    let answer = git.range_diff(&old, &new)?;
                    assert!(answer.is_whole() && !answer.value.is_by_title);
                    let ids =
                        |pair: &CommitPair| [&pair.old, &pair.new].map(|commit| Some(commit.as_ref()?.id));
                    let ours: Vec<_> = answer.value.pairs.iter().map(ids).collect();
                    Ok((verdicts(git, &ours)?, verdicts(git, &theirs)?))
                })
                .await
                .unwrap();
            compared += 1;
            agreed += usize::from(ours == theirs);
            if ours != theirs {
                differences.push((seed, pair[1].kind, ours, theirs));
            }
        }
    }
    // Where two pairings cost the same, each program takes another one.
    assert!(agreed * 100 >= compared * 95, "{agreed} of {compared}: {differences:#?}");
}

#[tokio::test]
async fn above_the_bound_commits_are_paired_by_patch_and_title_and_not_written_as_mails() {
    let mut import = Import::default();
    let mut maker = Maker::new(1);
    let lines = maker.lines(10);
    let mut state = State::from([(0, File { path: "a".to_owned(), lines })]);
    let base = import.commit(None, "base", &state);
    let grow = |import: &mut Import,
                maker: &mut Maker,
                state: &mut State,
                head: Mark,
                numbers: std::ops::Range<usize>| {
        numbers.fold(head, |head, number| {
            state.get_mut(&0).unwrap().lines.extend(maker.lines(1));
            import.commit(Some(head), &format!("commit {number}"), state)
        })
    };
    let old = grow(&mut import, &mut maker, &mut state.clone(), base, 0..3);
    let at_bound = grow(&mut import, &mut maker, &mut state, base, 0..MOST_COMMITS);
    let above = grow(&mut import, &mut maker, &mut state, at_bound, MOST_COMMITS..MOST_COMMITS + 1);
    let fixture = Fixture::new().await;
    let id = import.run(&fixture.repository);
    let range = |head: Mark| Range { base: id(base), head: id(head) };
    let [old, at_bound, above] = [old, at_bound, above].map(range);
    let (within, beyond, mails) = fixture
        .repository
        .run_expensive(move |git| {
            let mut mails = [Vec::new(), Vec::new()];
            git.write_patches(&at_bound, &mut mails[0])?;
            let refused = git.write_patches(&above, &mut mails[1]);
            assert!(matches!(refused, Err(Error::OverBudget { bound: Bound::Entries, .. })), "{refused:?}");
            Ok((git.range_diff(&old, &at_bound)?, git.range_diff(&old, &above)?, mails))
        })
        .await
        .unwrap();
    assert!(within.is_whole() && !within.value.is_by_title);
    assert_eq!(within.value.pairs.iter().filter(|pair| pair.new.is_some()).count(), MOST_COMMITS);
    assert_eq!((beyond.left_out, beyond.value.is_by_title), (Some(Bound::Entries), true));
    // The oldest of them is left out, the titles of the others tell what belongs together.
    let paired: Vec<&str> = (beyond.value.pairs.iter())
        .filter(|pair| pair.old.is_some() && pair.new.is_some())
        .map(|pair| pair.new.as_ref().unwrap().title.as_str())
        .collect();
    assert_eq!(paired, ["commit 1", "commit 2"]);
    let count = mails[0].split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"Subject: ")).count();
    assert_eq!((count, mails[1].len()), (MOST_COMMITS, 0));
}

#[tokio::test]
async fn changed_commit_shows_how_message_and_patch_changed() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let lines: Vec<String> = (1..=30).map(|number| format!("{number}\n")).collect();
    copy.write("a", lines.concat());
    let base = copy.commit("base");
    copy.write("a", lines.concat().replace("10\n", "ten\n"));
    copy.commit("one\n\nwhy");
    copy.write("b", "b\n");
    let old = Range { base, head: copy.commit("two") };
    copy.push();
    copy.git(&["checkout", "-q", "-B", "again", &base.to_string()]);
    copy.write("a", lines.concat().replace("10\n", "TEN\n"));
    copy.commit("one\n\nwhy");
    copy.write("b", "b\n");
    let new = Range { base, head: copy.commit("two, and why") };
    copy.push();
    let pairs = fixture.repository.run(move |git| git.range_diff(&old, &new)).await.unwrap().value.pairs;
    let statuses: Vec<PairStatus> = pairs.iter().map(|pair| pair.status).collect();
    assert_eq!(statuses, [PairStatus::Changed, PairStatus::MessageOnly]);
    let changed = |at: usize| -> Vec<(LineKind, PatchLine, &str)> {
        let lines = pairs[at].diff.as_ref().unwrap().iter();
        let changed = lines.filter(|line| line.kind != LineKind::Context);
        changed.map(|line| (line.kind, line.inner, line.text.as_str())).collect()
    };
    assert_eq!(
        changed(0),
        [(LineKind::Deleted, PatchLine::Added, "ten"), (LineKind::Added, PatchLine::Added, "TEN")]
    );
    assert_eq!(
        changed(1),
        [
            (LineKind::Deleted, PatchLine::Message, "two"),
            (LineKind::Added, PatchLine::Message, "two, and why")
        ]
    );
}
