use super::with_file;

const NOTEBOOK: &[u8] = br##"{"nbformat": 4, "metadata": {"kernelspec": {"language": "python"}}, "cells": [
    {"cell_type": "markdown", "source": ["# Digits\n", "<script>alert(1)</script>"]},
    {"cell_type": "code", "execution_count": 3, "source": "def train():\n    return 1", "outputs": [
        {"output_type": "stream", "name": "stdout", "text": "epoch <1>\n"},
        {"output_type": "display_data", "data": {"text/html": "<table><tr><td onclick=alert(2)>5</td></tr></table><script>alert(3)</script>"}},
        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}},
        {"output_type": "display_data", "data": {"image/svg+xml": "<svg onload='alert(4)'></svg>"}},
        {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": []}
    ]}]}"##;

#[tokio::test]
async fn cells_are_shown_and_nothing_in_them_runs() {
    let site = with_file("a.ipynb", NOTEBOOK).await;
    let page = site.get("/mei/llm/src/branch/main/a.ipynb", "en").await.body;
    assert!(
        page.contains("Digits")
            && page.contains("<h1")
            && page.contains("hl-keyword")
            && page.contains("[3]"),
        "{page}"
    );
    assert!(
        page.contains("epoch &#60;1&#62;") && page.contains("ValueError: bad") && page.contains("<td>5</td>")
    );
    assert!(!page.contains("alert(2)") && !page.contains("alert(3)") && !page.contains("<script>alert"));
    let source = site.get("/mei/llm/src/branch/main/a.ipynb?display=source", "zh-CN").await.body;
    assert!(source.contains("id=\"L2\"") && source.contains("预览"));
}

#[tokio::test]
async fn pictures_have_addresses_where_nothing_runs() {
    let site = with_file("a.ipynb", NOTEBOOK).await;
    let page = site.get("/mei/llm/src/branch/main/a.ipynb", "en").await;
    let picture = page.between("<img src=\"", "\"").replace("&#38;", "&").replace("&amp;", "&");
    let picture = site.get(&picture, "en").await;
    assert_eq!((picture.status.as_u16(), picture.header("content-type")), (200, "image/png"));
    let address =
        |output: &str| format!("/mei/llm/notebook-output/branch/main/a.ipynb?cell=1&output={output}");
    let svg = site.get(&address("3"), "en").await;
    assert_eq!(svg.header("content-type"), "text/plain; charset=utf-8");
    assert!(svg.header("content-security-policy").contains("sandbox"));
    for absent in ["0", "99"] {
        assert_eq!(site.get(&address(absent), "en").await.status, 404, "{absent}");
    }
    assert_eq!(
        site.get("/mei/llm/notebook-output/branch/main/absent?cell=0&output=0", "en").await.status,
        404
    );
}

#[tokio::test]
async fn a_broken_notebook_is_shown_as_its_source() {
    let site = with_file("a.ipynb", &NOTEBOOK[..NOTEBOOK.len() - 9]).await;
    let page = site.get("/mei/llm/src/branch/main/a.ipynb", "en").await.body;
    assert!(page.contains("not a valid notebook") && page.contains("id=\"L2\""));
}
