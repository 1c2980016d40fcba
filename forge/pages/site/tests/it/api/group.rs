use hearth_core::Language;
use hearth_words::Words;
use serde_json::Value;

use crate::site::Site;

#[tokio::test]
async fn a_route_is_shown_with_parameters_body_command_and_a_form() {
    let site = Site::new().await;
    let page = site.get("/-/api/issues", "en").await.body;
    for part in [
        "id=\"post_repos__owner___repo__issues\"",
        "Create an issue",
        "<code>milestone</code>",
        "curl -H",
        "http://hearth.test/api/v1/repos/{owner}/{repo}/issues",
        "data-path=\"/api/v1/repos/{owner}/{repo}/issues\"",
        "This request changes data on this server.",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(site.get("/-/api/issues", "zh-CN").await.body.contains("<h1>议题</h1>"));
    assert_eq!(site.get("/-/api/no-such-group", "en").await.status.as_u16(), 404);
}

#[tokio::test]
async fn every_route_of_the_document_is_on_a_page_and_every_group_has_a_name() {
    let site = Site::new().await;
    let document: Value = serde_json::from_str(&hearth_api::document("")).expect("JSON");
    let operations = document["paths"].as_object().expect("paths").values().flat_map(|item| {
        item.as_object()
            .into_iter()
            .flat_map(|item| item.values())
            .filter(|value| value["operationId"].is_string())
    });
    let mut groups = std::collections::BTreeMap::<&str, Vec<&str>>::new();
    for operation in operations {
        let group = operation["tags"][0].as_str().expect("a group");
        groups.entry(group).or_default().push(operation["operationId"].as_str().expect("an id"));
    }
    for (group, ids) in groups {
        for language in Language::ALL.iter().copied() {
            for what in ["title", "summary"] {
                let key = format!("api-group-of-{group}-{what}");
                assert!(Words::of(language).find(&key).is_some(), "{key} in {}", language.as_str());
            }
        }
        let page = site.get(&format!("/-/api/{group}"), "en").await.body;
        for id in ids {
            assert!(page.contains(&format!("id=\"{id}\"")), "{group}: {id}");
        }
    }
}
