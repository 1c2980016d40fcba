use hearth_app::{
    Limits,
    testing::{Choices, TestHearth},
};

use crate::client::Client;

#[tokio::test]
async fn every_answer_says_how_many_requests_are_left_and_one_too_many_is_refused() {
    let limits = Limits { account_requests: 2, address_requests: 1, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.user("mei").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    let first = mei.get("/api/v1/user").await.expect(200);
    assert_eq!(first.header("ratelimit-policy"), "\"account-requests\";q=2;w=60");
    assert!(first.header("ratelimit").starts_with("\"account-requests\";r=1;t="), "{first:?}");
    let other = Client::with_token(&hearth, "mei", "read:user").await;
    other.get("/api/v1/user").await.expect(200);
    let refused = mei.get("/api/v1/user").await.expect(429);
    assert_eq!(refused.json()["code"], "too-many-requests");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|wait| (1..=60).contains(&wait)));
    assert!(refused.header("ratelimit").contains(";r=0;"));

    let nobody = Client::anonymous(&hearth.app);
    let first = nobody.get("/api/v1/users/mei").await.expect(200);
    assert_eq!(first.header("ratelimit-policy"), "\"address-requests\";q=1;w=60");
    nobody.get("/api/v1/users/mei").await.expect(429);
    assert_eq!(nobody.get("/api/v1/version").await.expect(200).header("ratelimit"), "", "it costs nothing");
}
