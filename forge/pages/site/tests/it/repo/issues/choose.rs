use axum::http::StatusCode;

use super::project;
use crate::repo::pulls::push;

const CHOOSE: &str = "/mei/llm/issues/new/choose";
pub(super) const FORM: &str = "name: Bug\nabout: Something fails\ntitle: \"[Bug]: \"\nlabels: [bug]\nbody:\n  - type: input\n    id: version\n    attributes: { label: Version }\n    validations: { required: true }\n  - type: checkboxes\n    id: terms\n    attributes:\n      label: Terms\n      options:\n        - { label: I searched first, required: true }\n";
const CONFIG: &str =
    "blank_issues_enabled: false\ncontact_links:\n  - { name: Forum, url: \"https://forum.example.org\" }\n";

#[tokio::test]
async fn templates_forms_and_links_are_offered_and_broken_ones_told_to_writers() {
    let site = project().await;
    let (mei, bo) = (site.signed_in("mei").await, site.signed_in("bo").await);
    assert_eq!(bo.get("/mei/llm/issues/new").await.status, StatusCode::OK, "nothing to choose from");
    for (file, text) in [
        ("bug.yml", FORM),
        ("idea.md", "---\nname: Idea\n---\nWhat would help?\n"),
        ("broken.yml", "name: Broken\nbody:\n  - type: slider\n    attributes: { label: x }\n"),
        ("config.yml", CONFIG),
    ] {
        push(&site, "main", &format!(".github/ISSUE_TEMPLATE/{file}"), text).await;
    }
    let asked = bo.get("/mei/llm/issues/new").await;
    assert_eq!(asked.header("location"), CHOOSE);
    let page = bo.get(CHOOSE).await;
    for part in ["Something fails", "/issues/new?template=bug.yml", ">Idea</a>", "https://forum.example.org"]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(!page.body.contains("Blank issue") && !page.body.contains("broken.yml"));
    let told = mei.get(CHOOSE).await;
    assert!(told.body.contains("Blank issue"), "those who may write are not kept from it");
    assert!(told.body.contains(".github/ISSUE_TEMPLATE/broken.yml:3"), "{}", told.body);
    assert!(told.body.contains("“slider” is not a type of field"));
    assert!(mei.get_in(CHOOSE, "zh-CN").await.body.contains("以下模板无法使用"));
}
