use super::with_file;

#[tokio::test]
async fn a_document_is_offered_for_download_and_never_opened_here() {
    let site = with_file("paper.pdf", b"%PDF-1.7\n\0\0").await;
    let page = site.get("/mei/llm/src/branch/main/paper.pdf", "en").await.body;
    assert!(page.contains("PDF documents can contain programs") && !page.contains("<iframe"));
    let raw = site.get("/mei/llm/raw/branch/main/paper.pdf", "en").await;
    assert!(raw.header("content-disposition").starts_with("attachment"));
    assert_eq!(raw.header("content-type"), "application/octet-stream");
}
