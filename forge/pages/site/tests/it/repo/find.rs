use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use hearth_git::StorageId;

use super::{commit, project};

#[tokio::test]
async fn files_are_found_by_letters_of_their_path() {
    let site = project().await;
    let all = site.get("/mei/llm/find/branch/main", "en").await;
    assert_eq!(all.status, StatusCode::OK);
    assert!(all.body.contains("5 files") && all.body.contains("README.md"), "{}", all.body);
    let found = site.get("/mei/llm/find/branch/main?q=srtr", "zh-CN").await;
    assert!(found.body.contains("href=\"/mei/llm/src/branch/main/src/train.py\""), "{}", found.body);
    assert!(found.body.contains("1 个文件") && !found.body.contains("README.md"));
    let han = site.get("/mei/llm/find/branch/main?q=%E6%95%B0%E6%8D%AE", "en").await;
    assert!(han.body.contains("src/数据 a.txt"), "{}", han.body);
    let none = site.get("/mei/llm/find/branch/main?q=zzzz", "en").await;
    assert!(none.body.contains("No file matches"));
}

#[tokio::test]
async fn a_revision_is_named_as_people_type_it() {
    let site = project().await;
    let named = site.get("/mei/llm/find/main", "en").await;
    assert_eq!(named.header("location"), "/mei/llm/find/branch/main");
    assert_eq!(site.get("/mei/llm/find/branch/none", "en").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get("/mei/llm/find/none", "en").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_script_gets_all_paths_once() {
    let site = project().await;
    let ask = |known: &str| {
        let request = Request::get("/mei/llm/paths/branch/main").header(header::IF_NONE_MATCH, known);
        site.send(request.body(Body::empty()).expect("a request"))
    };
    let first = ask("").await;
    assert_eq!(first.body, "README.md\ndata.bin\nlogo.svg\nsrc/train.py\nsrc/数据 a.txt\n");
    let tag = first.header("etag").to_owned();
    assert_eq!(ask(&tag).await.status, StatusCode::NOT_MODIFIED);
    let row = site.hearth.find_repository("mei/llm").await;
    let git = site.hearth.app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    commit(&git, "More", &[("more.txt", "more\n")]).await;
    assert!(ask(&tag).await.body.contains("more.txt\n"));
}

#[tokio::test]
async fn pages_of_code_lead_to_the_search_and_to_themselves_for_ever() {
    let site = project().await;
    for page in ["", "/src/branch/main/src", "/src/branch/main/src/train.py"] {
        let shown = site.get(&format!("/mei/llm{page}"), "en").await;
        assert!(shown.body.contains("href=\"/mei/llm/find/branch/main\" data-find"), "{page}");
        assert!(shown.between("/mei/llm/src/commit/", " data-permanent").len() > 40, "{page}");
    }
    let commits = site.get("/mei/llm/commits/branch/main", "en").await;
    assert!(commits.body.contains("href=\"/mei/llm/commits/commit/"));
}
