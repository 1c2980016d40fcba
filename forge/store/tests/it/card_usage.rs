use std::time::Duration;

use hearth_store::{
    card_usage::{self, CardUsage},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

#[tokio::test]
async fn card_seconds_add_up_within_their_week() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let this_week = CardUsage {
            owner_id: mei.id.into(),
            accelerator_code: "nvidia".into(),
            week_start: test_start(),
            card_seconds: 60,
        };
        let next_week =
            CardUsage { week_start: test_start() + Duration::from_secs(7 * 24 * 3600), ..this_week.clone() };
        for more in [&this_week, &next_week, &this_week] {
            card_usage::add(&mut writer, more).await.expect("kept");
        }
        let sum = CardUsage { card_seconds: 120, ..this_week };
        let of_mei = card_usage::list_of_owner(&mut writer, mei.id.into(), test_start()).await.expect("rows");
        assert_eq!(of_mei, std::slice::from_ref(&sum));
        assert_eq!(
            card_usage::list_since(&mut writer, test_start()).await.expect("rows"),
            [sum, next_week.clone()]
        );
        let since = next_week.week_start;
        assert_eq!(card_usage::list_since(&mut writer, since).await.expect("rows"), [next_week]);
    }
}
