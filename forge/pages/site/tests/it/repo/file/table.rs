use super::with_file;

const PAGE: &str = "/mei/llm/src/branch/main/runs.csv";

#[tokio::test]
async fn values_are_a_table_that_can_be_sorted() {
    let site = with_file("runs.csv", b"run,loss\na,10\nb,9\n\"<b>\",\n").await;
    let page = site.get(PAGE, "en").await.body;
    assert!(page.contains("Rows: 3. Columns: 2.") && page.contains("<td class=\"number\">10</td>"), "{page}");
    assert!(page.contains("&#60;b&#62;") && page.contains("href=\"?sort=2\""));
    assert!(
        page.contains("<th class=\"number\" scope=\"col\" aria-sort=\"none\"><a href=\"?sort=2\""),
        "{page}"
    );
    let sorted = site.get(&format!("{PAGE}?sort=2"), "zh-CN").await.body;
    let place = |text: &str| sorted.find(text).unwrap_or_else(|| panic!("no {text} in {sorted}"));
    assert!(place("<td>b</td>") < place("<td>a</td>") && sorted.contains("aria-sort=\"ascending\""));
    assert!(sorted.contains("href=\"?sort=-2\"") && sorted.contains("共 3 行、2 列"));
    let source = site.get(&format!("{PAGE}?display=source"), "en").await.body;
    assert!(source.contains("id=\"L2\"") && source.contains("Preview"));
    for odd in
        ["sort=x", "sort=-", "sort=99999999999999999999", "page=0", "page=99999999999999999999", "sort=0"]
    {
        assert_eq!(site.get(&format!("{PAGE}?{odd}"), "en").await.status, 200, "{odd}");
    }
}

#[tokio::test]
async fn a_long_table_has_pages() {
    let rows = (1..=1_000).map(|number| format!("{number},x\n")).collect::<Vec<_>>().concat();
    let site = with_file("runs.csv", rows.as_bytes()).await;
    let page = site.get(&format!("{PAGE}?page=5"), "en").await.body;
    assert!(
        page.contains("<td class=\"number\">1000</td>") && !page.contains("<td class=\"number\">800</td>")
    );
}
