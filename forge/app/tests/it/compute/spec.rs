use hearth_app::{spec, spec::Fields};

use super::fleet;
use crate::support::code_of;

fn good() -> Fields {
    Fields {
        code: "any-24".into(),
        accelerator: spec::ANY.into(),
        cards: 1,
        card_memory_bytes: 24 << 30,
        cpus: 8,
        memory_bytes: 64 << 30,
        shared_memory_bytes: 16 << 30,
        is_on_shelf: true,
        ..Fields::default()
    }
}

#[tokio::test]
async fn a_spec_for_any_cards_names_the_least_memory_and_no_model() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let made = spec::make(app, &boss, &good()).await.expect("made");
    assert_eq!((made.accelerator.as_deref(), made.cards, made.card_memory_bytes), (None, 1, 24 << 30));
    assert_eq!(Fields::of(&made), good());
    for (fields, mistake) in [
        (Fields { card_memory_bytes: 0, ..good() }, ("card_memory", "any-needs-memory")),
        (Fields { model: "H200".into(), ..good() }, ("model", "model-without-kind")),
        (
            Fields { accelerator: String::new(), card_memory_bytes: 0, ..good() },
            ("accelerator", "cards-without-kind"),
        ),
        (Fields { cards: 0, ..good() }, ("cards", "too-small")),
        (Fields { shared_memory_bytes: 65 << 30, ..good() }, ("shared_memory", "shared-memory")),
        (Fields { cpus: 0, ..good() }, ("cpus", "too-small")),
        (Fields { memory_bytes: i64::MAX, ..good() }, ("memory", "too-large")),
        (Fields { accelerator: "unknown".into(), ..good() }, ("accelerator", "unknown-choice")),
    ] {
        assert_eq!(code_of(spec::make(app, &boss, &fields).await), Some(mistake));
    }
}

#[tokio::test]
async fn a_spec_goes_off_the_shelf_with_an_entry() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let fields = Fields { accelerator: "nvidia".into(), ..good() };
    let made = spec::make(app, &boss, &fields).await.expect("made");
    assert_eq!(made.accelerator.as_deref(), Some("nvidia/*"));
    let off = Fields { is_on_shelf: false, model: "NVIDIA H200".into(), ..Fields::of(&made) };
    let effect = spec::preview(app, &boss, "any-24", &off).await.expect("a preview");
    assert_eq!((effect.waiting, effect.running), (0, 0));
    let after = spec::change(app, &boss, "any-24", &off).await.expect("changed");
    assert_eq!((after.accelerator.as_deref(), after.is_on_shelf), (Some("nvidia/NVIDIA H200"), false));
    let entries = fleet::audited(&hearth, &boss, "spec").await;
    assert_eq!(entries[0].action, "disabled");
    assert_eq!(entries[0].before.as_ref().expect("before")["is_on_shelf"], true);
}
