use hearth_app::{quota, quota::Fields};

use super::fleet;
use crate::support::code_of;

#[tokio::test]
async fn one_owner_has_one_quota_for_one_kind_of_cards() {
    let (hearth, boss) = fleet::site().await;
    let app = &hearth.app;
    hearth.user("mei").await;
    let everybody = Fields { code: "all".into(), nominal_cards: 2, ..Fields::default() };
    let made = quota::make(app, &boss, &everybody).await.expect("made");
    assert_eq!((made.owner_id, made.borrow_cards, made.weekly_card_seconds), (None, None, None));
    let twice = Fields { code: "again".into(), ..everybody.clone() };
    assert_eq!(code_of(quota::make(app, &boss, &twice).await), Some(("owner", "quota-twice")));
    let of_mei = Fields {
        code: "mei".into(),
        owner: Some("mei".into()),
        accelerator: Some("nvidia".into()),
        nominal_cards: 4,
        borrow_cards: Some(2),
        lend_cards: Some(1),
        weekly_hours: Some(100),
    };
    let made = quota::make(app, &boss, &of_mei).await.expect("made");
    assert_eq!(made.weekly_card_seconds, Some(360_000));
    assert_eq!(Fields::of(&made), of_mei);
    let bad = Fields { lend_cards: Some(5), ..of_mei.clone() };
    assert_eq!(code_of(quota::preview(app, &boss, "mei", &bad).await), Some(("lend_cards", "lend-more")));
    let more = Fields { nominal_cards: 8, ..of_mei };
    quota::change(app, &boss, "mei", &more).await.expect("changed");
    let entry = &fleet::audited(&hearth, &boss, "quota").await[0];
    assert_eq!(entry.before.as_ref().expect("before")["nominal_cards"], 4);
    assert_eq!(entry.after.as_ref().expect("after")["nominal_cards"], 8);
    quota::delete(app, &boss, "mei").await.expect("deleted");
}
