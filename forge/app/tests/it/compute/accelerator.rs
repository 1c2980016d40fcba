use hearth_app::{
    accelerator::{self, Fields, Mount},
    compute,
};
use hearth_core::{Action, Conflict, Error, Kind};

use super::fleet;
use crate::support::code_of;

#[tokio::test]
async fn what_an_administrator_changed_outlives_the_next_start() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let shipped = accelerator::list(app, &boss).await.expect("rows");
    assert_eq!(shipped.len(), 12);
    let row = accelerator::find(app, &boss, "ascend-910").await.expect("shipped");
    let fields = Fields { resource_name: "huawei.com/npu".into(), is_enabled: false, ..Fields::of(&row) };
    accelerator::change(app, &boss, "ascend-910", &fields).await.expect("changed");
    compute::prepare(app, vec![]).await.expect("a start");
    let found = accelerator::find(app, &boss, "ascend-910").await.expect("there");
    assert_eq!((found.resource_name.as_str(), found.is_enabled), ("huawei.com/npu", false));
    let devices = accelerator::devices(app).await.expect("devices");
    assert_eq!(devices.len(), 11);
    assert!(devices.iter().any(|device| device.resource == "nvidia.com/gpu"));
    let entry = &fleet::audited(&hearth, &boss, "accelerator").await[0];
    assert_eq!((entry.action.as_str(), entry.subject.as_str()), ("changed", "ascend-910"));
    assert_eq!(entry.before.as_ref().expect("before")["resource_name"], "huawei.com/Ascend910");
    assert_eq!(entry.after.as_ref().expect("after")["resource_name"], "huawei.com/npu");
}

#[tokio::test]
async fn a_new_kind_of_cards_is_checked_field_by_field() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    let good = Fields {
        code: "vastai".into(),
        vendor: "Vastai".into(),
        label: "Vastai VA".into(),
        resource_name: "vastaitech.com/va".into(),
        family: "cuda".into(),
        is_enabled: true,
        ..Fields::default()
    };
    let root = Mount { path: "/root".into(), read_only: true };
    let bad = Fields { mounts: vec![root], ..good.clone() };
    assert_eq!(code_of(accelerator::make(app, &boss, &bad).await), Some(("mounts", "mount-line")));
    let bad = Fields { family: "cpu".into(), ..good.clone() };
    assert_eq!(code_of(accelerator::make(app, &boss, &bad).await), Some(("family", "unknown-choice")));
    accelerator::make(app, &boss, &good).await.expect("made");
    let again = accelerator::make(app, &boss, &good).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::NameTaken))), "{again:?}");
    assert_eq!(fleet::audited(&hearth, &boss, "accelerator").await.len(), 1, "a refusal is no entry");
    let missing = accelerator::preview(app, &boss, "none", &good).await;
    assert!(matches!(missing, Err(Error::NotFound(Kind::Accelerator))), "{missing:?}");
}

#[tokio::test]
async fn only_administrators_see_and_change_kinds_of_cards() {
    let (hearth, _) = fleet::site().await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    let seen = accelerator::list(&hearth.app, &mei).await;
    assert!(matches!(seen, Err(Error::Forbidden(Action::AdministerSite))), "{seen:?}");
    let made = accelerator::make(&hearth.app, &mei, &Fields::default()).await;
    assert!(matches!(made, Err(Error::Forbidden(Action::AdministerSite))), "{made:?}");
}
