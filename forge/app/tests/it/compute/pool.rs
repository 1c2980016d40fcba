use hearth_app::{pool, pool::Fields};
use hearth_core::{Error, Kind};

use super::fleet;
use crate::support::code_of;

#[tokio::test]
async fn machines_of_a_cluster_are_proposed_as_pools_and_used_only_when_accepted() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let before = pool::survey(app, &boss).await.expect("a survey");
    assert!(before.pools.is_empty() && before.machines.iter().all(|machine| machine.pool.is_none()));
    assert!(before.engines[1].trouble.as_ref().is_some_and(|said| said.contains("connection refused")));
    let codes: Vec<&str> = before.proposals.iter().map(|proposal| proposal.pool.code.as_str()).collect();
    assert_eq!(codes, ["east-cpu-amd64", "east-nvidia-h200"]);
    assert_eq!(before.proposals[1].machines, ["gpu-1", "gpu-2"]);

    let made = pool::accept(app, &boss, "east-nvidia-h200").await.expect("made");
    assert_eq!(made.node_selector.0["nvidia.com/gpu.product"], "NVIDIA-H200");
    let after = pool::survey(app, &boss).await.expect("a survey");
    let view = &after.pools[0];
    assert_eq!((view.whole.cards, view.cordoned.cards, view.used.cards), (16, 8, 0));
    assert_eq!(view.shapes, [(8, 1)]);
    assert_eq!(after.proposals.len(), 1);
    let again = pool::accept(app, &boss, "east-nvidia-h200").await;
    assert!(matches!(again, Err(Error::NotFound(Kind::Pool))), "{again:?}");
    assert_eq!(fleet::audited(&hearth, &boss, "pool").await[0].action, "made");
}

#[tokio::test]
async fn a_machine_without_labels_has_its_pool_from_the_start() {
    let (hearth, boss) = fleet::with_one(fleet::machine("here", &[], Some("NVIDIA H200"), 1)).await;
    let app = &hearth.app;
    pool::derive(app).await.expect("pools");
    pool::derive(app).await.expect("the same again");
    let local = pool::find(app, &boss, "local").await.expect("there");
    assert_eq!(local.accelerator_code.as_deref(), Some("nvidia"));
    assert!(pool::survey(app, &boss).await.expect("a survey").proposals.is_empty());
}

#[tokio::test]
async fn a_pause_needs_a_message_and_survives_a_change() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    pool::accept(app, &boss, "east-nvidia-h200").await.expect("made");
    let silent = pool::pause(app, &boss, "east-nvidia-h200", " ").await;
    assert_eq!(code_of(silent), Some(("message", "required")));
    let paused = pool::pause(app, &boss, "east-nvidia-h200", "停机检修").await.expect("paused");
    assert!(paused.is_paused);
    let fields = Fields { reserved_cards: 2, ..Fields::of(&paused) };
    let effect = pool::preview(app, &boss, "east-nvidia-h200", &fields).await.expect("a preview");
    assert_eq!((effect.waiting, effect.running), (0, 0));
    let changed = pool::change(app, &boss, "east-nvidia-h200", &fields).await.expect("changed");
    assert_eq!((changed.is_paused, changed.reserved_cards), (true, 2));
    let resumed = pool::resume(app, &boss, "east-nvidia-h200").await.expect("resumed");
    assert!(!resumed.is_paused && resumed.pause_message.is_empty());
    let actions: Vec<String> =
        fleet::audited(&hearth, &boss, "pool").await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["resumed", "changed", "paused", "made"]);
    pool::delete(app, &boss, "east-nvidia-h200").await.expect("deleted");
    assert!(pool::list(app, &boss).await.expect("rows").is_empty());
}

#[tokio::test]
async fn a_pool_is_checked_field_by_field() {
    let (hearth, boss) = fleet::site().await;
    let good = Fields { code: "lab".into(), label: "Lab".into(), engine: "east".into(), ..Fields::default() };
    let label = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into();
    for (fields, mistake) in [
        (Fields { engine: "north".into(), ..good.clone() }, ("engine", "unknown-choice")),
        (Fields { accelerator: Some("none".into()), ..good.clone() }, ("accelerator", "unknown-choice")),
        (Fields { node_selector: label("", "b"), ..good.clone() }, ("node_selector", "pair-line")),
        (Fields { node_selector: label("a", "b c"), ..good.clone() }, ("node_selector", "pair-line")),
        (Fields { reserved_cards: -1, ..good.clone() }, ("reserved_cards", "too-small")),
        (Fields { card_memory_bytes: -1, ..good.clone() }, ("card_memory", "too-small")),
        (Fields { local_queue: Some("a b".into()), ..good.clone() }, ("local_queue", "qualified-name")),
        (Fields { code: "A".into(), ..good.clone() }, ("code", "code-characters")),
    ] {
        assert_eq!(code_of(pool::make(&hearth.app, &boss, &fields).await), Some(mistake));
    }
    pool::make(&hearth.app, &boss, &good).await.expect("made");
}
