use axum::http::StatusCode;
use hearth_app::{Unit, content};
use hearth_git::StorageId;

use super::with_file;
use crate::{
    repo::{
        objects::{self, entry, object, point},
        project,
        pulls::enter,
    },
    site::Site,
};

#[tokio::test]
async fn code_is_coloured_and_its_lines_are_links() {
    let site = project().await;
    let page = site.get("/mei/llm/src/branch/main/src/train.py", "en").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("id=\"L2\"") && page.body.contains("hl-k"), "{}", page.body);
    assert!(page.body.contains("/mei/llm/src/commit/"), "there is a permalink");
}

#[tokio::test]
async fn a_file_its_history_and_its_blame_lead_to_the_same_path_of_other_branches() {
    let site = project().await;
    let access = enter(&site, "mei", Unit::Code).await.write().expect("mei owns it");
    content::create_branch(&site.hearth.app, &access, "faster", "main").await.expect("a new branch");
    for page in ["src", "blame", "commits"] {
        let shown = site.get(&format!("/mei/llm/{page}/branch/main/src/train.py"), "en").await;
        let other = format!("href=\"/mei/llm/{page}/branch/faster/src/train.py\"");
        assert!(shown.body.contains(&other), "{page}: {}", shown.body);
    }
}

#[tokio::test]
async fn markdown_is_drawn_and_its_source_can_be_seen() {
    let site = project().await;
    assert!(site.get("/mei/llm/src/branch/main/README.md", "en").await.body.contains("<h1"));
    let source = site.get("/mei/llm/src/branch/main/README.md?display=source", "en").await;
    assert!(source.body.contains("id=\"L1\""));
}

#[tokio::test]
async fn bytes_are_not_shown_as_text() {
    let site = project().await;
    assert!(site.get("/mei/llm/src/branch/main/data.bin", "en").await.body.contains("Binary file not shown"));
}

#[tokio::test]
async fn addresses_of_another_forge_lead_here() {
    let site = project().await;
    let moved = site.get("/mei/llm/blob/main/src/train.py", "en").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.headers["location"], "/mei/llm/src/branch/main/src/train.py");
}

/// Chinese text: 深度学习框架的训练脚本，读取数据并保存模型。
const GBK: &[u8] = b"\xc9\xee\xb6\xc8\xd1\xa7\xcf\xb0\xbf\xf2\xbc\xdc\xb5\xc4\xd1\xb5\xc1\xb7\xbd\xc5\xb1\xbe\xa3\xac\xb6\xc1\xc8\xa1\xca\xfd\xbe\xdd\xb2\xa2\xb1\xa3\xb4\xe6\xc4\xa3\xd0\xcd\xa1\xa3\n\xd5\xe2\xc0\xef\xca\xc7\xb5\xda\xb6\xfe\xd0\xd0\xce\xc4\xd7\xd6\xa1\xa3\n";

/// `mei/llm` with a tree of odd entries.
async fn odd() -> Site {
    let site = Site::new().await;
    let row = site.hearth.repository("mei/llm").await;
    let git = site.hearth.app.git().path(&StorageId::from(row.id.0));
    let code = object(&git, "blob", b"def train(): pass\n");
    let folder = object(&git, "tree", &entry("100644", "train.py", &code));
    let link = |target: &str| object(&git, "blob", target.as_bytes());
    let modules = b"[submodule \"x\"]\n\tpath = tools\n\turl = https://example.org/lin/tools.git\n";
    let entries = [
        entry("100644", ".gitmodules", &object(&git, "blob", modules)),
        entry("120000", "chain", &link("latest.py")),
        entry("100644", "empty.txt", &object(&git, "blob", b"")),
        entry("100644", "gbk.txt", &object(&git, "blob", GBK)),
        entry("120000", "latest.py", &link("src/train.py")),
        entry("120000", "loop", &link("loop")),
        entry("120000", "outside", &link("../../etc/passwd")),
        entry("40000", "src", &folder),
        entry("120000", "srclink", &link("src")),
        entry("160000", "tools", &"ab".repeat(20)),
    ];
    let tree = object(&git, "tree", &entries.concat());
    point(&git, "refs/heads/main", &objects::commit(&git, &tree, &[], "Begin"));
    site
}

#[tokio::test]
async fn a_symbolic_link_is_followed_within_the_repository_only() {
    let site = odd().await;
    let page = |name: &str| format!("/mei/llm/src/branch/main/{name}");
    for name in ["latest.py", "chain"] {
        let page = site.get(&page(name), "en").await.body;
        assert!(
            page.contains("Symbolic link to <a href=\"/mei/llm/src/branch/main/src/train.py\">"),
            "{page}"
        );
        assert!(page.contains("train</span>("), "{name}");
        assert!(page.contains("/mei/llm/raw/branch/main/src/train.py"));
    }
    assert!(site.get(&page("srclink"), "en").await.body.contains("href=\"/mei/llm/src/branch/main/src\""));
    for name in ["loop", "outside"] {
        let page = site.get(&page(name), "en").await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.body.contains("does not lead to a file in this repository"), "{name}");
    }
}

#[tokio::test]
async fn submodules_empty_files_and_other_encodings_are_said() {
    let site = odd().await;
    let page = |name: &str| format!("/mei/llm/src/branch/main/{name}");
    let tools = site.get(&page("tools"), "en").await.body;
    let commit = "ab".repeat(20);
    assert!(tools.contains(&format!("href=\"https://example.org/lin/tools/commit/{commit}\"")), "{tools}");
    assert!(site.get(&page("empty.txt"), "en").await.body.contains("This file is empty."));
    let gbk = site.get(&page("gbk.txt"), "zh-CN").await.body;
    assert!(gbk.contains("训练脚本，读取数据并保存模型。") && gbk.contains("按 GB18030 编码解读"));
}

#[tokio::test]
async fn a_large_file_that_was_never_uploaded_is_said_to_be_missing() {
    let pointer =
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 7\n", "ab".repeat(32));
    for name in ["model.safetensors", "clip.mp4", "data.bin"] {
        let site = with_file(name, pointer.as_bytes()).await;
        let page = site.get(&format!("/mei/llm/src/branch/main/{name}"), "en").await;
        assert_eq!(page.status, StatusCode::OK, "{name}");
        assert!(page.body.contains("was never uploaded to this repository"), "{}", page.body);
    }
}

#[tokio::test]
async fn pictures_sound_and_videos_are_shown() {
    for (name, element) in
        [("a.png", "<img src="), ("a.mp4", "<video controls"), ("a.ogg", "<audio controls")]
    {
        let site = with_file(name, b"\0\0").await;
        let page = site.get(&format!("/mei/llm/src/branch/main/{name}"), "en").await.body;
        assert!(
            page.contains(element) && page.contains(&format!("/mei/llm/raw/branch/main/{name}")),
            "{page}"
        );
    }
}
