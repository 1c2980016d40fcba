use axum::http::Method;
use data_encoding::BASE64;
use hearth_app::testing::TestHearth;
use serde_json::json;

use crate::client::Client;

const AT: &str = "/api/v1/repos/mei/llm";

#[tokio::test]
async fn files_are_searched_as_git_grep_does() {
    let hearth = TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = Client::with_token(&hearth, "mei", "all").await;
    for (path, text) in [("src/a.py", "import os\nprint(OS)\n"), ("docs/b.md", "the OS\n")] {
        let body = json!({ "content": BASE64.encode(text.as_bytes()) }).to_string();
        mei.call(Method::POST, &format!("{AT}/contents/{path}"), &body).await.expect(201);
    }
    let search = async |query: &str| mei.get(&format!("{AT}/search?{query}")).await.expect(200).json();
    let found = search("q=os&word=true").await;
    let paths: Vec<_> = found["files"].as_array().expect("a list").iter().map(|file| &file["path"]).collect();
    assert_eq!(paths, ["docs/b.md", "src/a.py"], "{found}");
    let line = &found["files"][1]["lines"][0];
    assert_eq!(
        (&line["number"], &line["text"], &line["matches"]),
        (&json!(1), &json!("import os"), &json!([[7, 9]]))
    );
    assert_eq!(search("q=OS&case=true&path=*.py").await["files"][0]["lines"][0]["number"], 2);
    assert_eq!(search("q=nowhere").await["files"], json!([]));
    mei.get(&format!("{AT}/search?q=(&regex=true")).await.expect(422);
    mei.get(&format!("{AT}/search?q=os&ref=absent")).await.expect(404);
}
