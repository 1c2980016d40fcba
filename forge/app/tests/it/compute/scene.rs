use hearth_app::{scene, scene::Draft};

use super::fleet;
use crate::support::code_of;

#[tokio::test]
async fn a_scene_is_for_a_kind_and_perhaps_for_one_owner() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    hearth.user("mei").await;
    let good =
        Draft { code: "train".into(), kind: "train".into(), is_enabled: "true".into(), ..Draft::default() };
    for (draft, mistake) in [
        (Draft { kind: "dance".into(), ..good.clone() }, ("kind", "unknown-choice")),
        (Draft { pool: "none".into(), ..good.clone() }, ("pool", "unknown-choice")),
        (Draft { owner: "nobody-here".into(), ..good.clone() }, ("owner", "unknown-account")),
        (Draft { specs: vec!["none".into()], ..good.clone() }, ("specs", "unknown-choice")),
    ] {
        assert_eq!(code_of(scene::make(app, &boss, &draft).await), Some(mistake));
    }
    scene::make(app, &boss, &good).await.expect("made");
    let of_mei = Draft { owner: "mei".into(), ..good };
    let changed = scene::change(app, &boss, "train", &of_mei).await.expect("changed");
    assert_eq!(Draft::of(&changed), of_mei);
    scene::delete(app, &boss, "train").await.expect("deleted");
    let actions: Vec<String> =
        fleet::audited(&hearth, &boss, "scene").await.into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["deleted", "changed", "made"]);
}
