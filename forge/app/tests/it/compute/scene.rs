use hearth_app::{scene, scene::Fields};
use hearth_core::TaskKind;

use super::fleet;
use crate::support::code_of;

#[tokio::test]
async fn a_scene_is_for_a_kind_and_perhaps_for_one_owner() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    hearth.user("mei").await;
    let good = Fields {
        code: "train".into(),
        kind: TaskKind::Train,
        pool: None,
        owner: None,
        specs: Vec::new(),
        is_enabled: true,
    };
    for (fields, mistake) in [
        (Fields { pool: Some("none".into()), ..good.clone() }, ("pool", "unknown-choice")),
        (Fields { owner: Some("nobody-here".into()), ..good.clone() }, ("owner", "unknown-account")),
        (Fields { specs: vec!["none".into()], ..good.clone() }, ("specs", "unknown-choice")),
    ] {
        assert_eq!(code_of(scene::make(app, &boss, &fields).await), Some(mistake));
    }
    scene::make(app, &boss, &good).await.expect("made");
    let of_mei = Fields { owner: Some("mei".into()), ..good };
    let changed = scene::change(app, &boss, "train", &of_mei).await.expect("changed");
    assert_eq!(Fields::of(&changed), of_mei);
    scene::delete(app, &boss, "train").await.expect("deleted");
    let actions: Vec<String> =
        fleet::audited(&hearth, &boss, "scene").await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["deleted", "changed", "made"]);
}
