use hearth_app::{spec, spec::Draft};

use super::fleet;
use crate::support::code_of;

fn good() -> Draft {
    Draft {
        code: "any-24".into(),
        accelerator: spec::ANY.into(),
        cards: "1".into(),
        card_memory: "24 GiB".into(),
        cpus: "8".into(),
        memory: "64 GiB".into(),
        shared_memory: "16 GiB".into(),
        is_on_shelf: "true".into(),
        ..Draft::default()
    }
}

#[tokio::test]
async fn a_spec_for_any_cards_names_the_least_memory_and_no_model() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let made = spec::make(app, &boss, &good()).await.expect("made");
    assert_eq!((made.accelerator.as_deref(), made.cards, made.card_memory_bytes), (None, 1, 24 << 30));
    assert_eq!(Draft::of(&made), good());
    for (draft, mistake) in [
        (Draft { card_memory: String::new(), ..good() }, ("card_memory", "any-needs-memory")),
        (Draft { model: "H200".into(), ..good() }, ("model", "model-without-kind")),
        (
            Draft { accelerator: String::new(), card_memory: String::new(), ..good() },
            ("accelerator", "cards-without-kind"),
        ),
        (Draft { cards: "0".into(), ..good() }, ("cards", "too-small")),
        (Draft { shared_memory: "65 GiB".into(), ..good() }, ("shared_memory", "shared-memory")),
        (Draft { cpus: "many".into(), ..good() }, ("cpus", "not-a-number")),
        (Draft { accelerator: "unknown".into(), ..good() }, ("accelerator", "unknown-choice")),
    ] {
        assert_eq!(code_of(spec::make(app, &boss, &draft).await), Some(mistake));
    }
}

#[tokio::test]
async fn a_spec_goes_off_the_shelf_with_an_entry() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let draft = Draft { accelerator: "nvidia".into(), ..good() };
    let made = spec::make(app, &boss, &draft).await.expect("made");
    assert_eq!(made.accelerator.as_deref(), Some("nvidia/*"));
    let off = Draft { is_on_shelf: String::new(), model: "NVIDIA H200".into(), ..Draft::of(&made) };
    let effect = spec::preview(app, &boss, "any-24", &off).await.expect("a preview");
    assert_eq!((effect.waiting, effect.running), (0, 0));
    let after = spec::change(app, &boss, "any-24", &off).await.expect("changed");
    assert_eq!((after.accelerator.as_deref(), after.is_on_shelf), (Some("nvidia/NVIDIA H200"), false));
    let entries = fleet::audited(&hearth, &boss, "spec").await;
    assert_eq!(entries[0].action, "disabled");
    assert_eq!(entries[0].before.as_ref().expect("before")["is_on_shelf"], true);
}
