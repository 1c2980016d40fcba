//! Large files, by parts.

use super::with_file;

fn numbered(count: usize) -> String {
    (1..=count)
        .map(|number| format!("loss_{number} = {number} # at step {number}\n"))
        .collect::<Vec<_>>()
        .concat()
}

#[tokio::test]
async fn a_file_of_ten_thousand_lines_begins_with_a_small_page() {
    let site = with_file("big.py", numbered(10_000).as_bytes()).await;
    let page = site.get("/mei/llm/src/branch/main/big.py", "en").await;
    assert!(page.body.len() < 150 << 10, "{}", page.body.len());
    assert!(page.body.contains("10,000 lines") && page.body.contains("hl-number"));
    assert!(page.body.contains("id=\"L300\"") && !page.body.contains("id=\"L5000\""));
    let next = page.between("href=\"?lines=", "\"").to_owned();
    let (first, _) = next.split_once('-').expect("a range");
    let next = site.get(&format!("/mei/llm/src/branch/main/big.py?lines={next}"), "en").await.body;
    assert!(next.contains(&format!("id=\"L{first}\"")) && next.contains("Previous lines"));
}

#[tokio::test]
async fn any_part_of_a_large_file_can_be_opened() {
    let site = with_file("big.py", numbered(100_000).as_bytes()).await;
    let at = |query: &str| format!("/mei/llm/src/branch/main/big.py?{query}");
    let page = site.get(&at("lines=54321"), "zh-CN").await.body;
    assert!(page.contains("id=\"L54321\"") && page.contains("第 54,301 至 54,801 行，共 100,000 行"));
    let part = site.get(&at("display=lines&lines=2001-2500"), "en").await.body;
    assert!(part.contains("id=\"L2001\"") && part.contains("id=\"L2500\"") && !part.contains("id=\"L2501\""));
    assert!(!part.contains("<header"), "only lines");
    for odd in ["lines=0", "lines=-", "lines=9-3", "lines=99999999999999999999", "lines=x", "found=-1&q=loss"]
    {
        let page = site.get(&at(odd), "en").await;
        assert_eq!(page.status, 200, "{odd}");
        assert!(page.body.len() < 1 << 20, "{odd}");
    }
}

#[tokio::test]
async fn a_search_finds_lines_that_are_not_on_the_page() {
    let site = with_file("big.py", numbered(20_000).as_bytes()).await;
    let at = |query: &str| format!("/mei/llm/src/branch/main/big.py?{query}");
    let page = site.get(&at("q=LOSS_1234"), "en").await.body;
    assert!(page.contains("Match 1 of 11") && page.contains("class=\"is-found is-current\""), "{page}");
    assert!(
        page.contains("q=LOSS_1234&#38;found=2#L12340") || page.contains("q=LOSS_1234&amp;found=2#L12340")
    );
    let third = site.get(&at("q=LOSS_1234&found=3"), "en").await.body;
    assert!(third.contains("<div id=\"L12341\" class=\"is-found is-current\">"));
    assert!(site.get(&at("q=absent"), "en").await.body.contains("No matches"));
    assert!(site.get(&at("q=%3Cscript%3E"), "en").await.body.contains("value=\"&#60;script&#62;\""));
}

#[tokio::test]
async fn a_minified_file_is_cut_and_its_line_can_be_seen_whole() {
    let site = with_file("app.min.js", format!("// x\nvar a={};\n", "1+".repeat(100_000)).as_bytes()).await;
    let page = site.get("/mei/llm/src/branch/main/app.min.js", "en").await.body;
    assert!(page.len() < 40_000, "{}", page.len());
    assert!(page.contains("Show the whole line (193 KiB more)") && page.contains("very long line"));
    let line = site.get("/mei/llm/src/branch/main/app.min.js?lines=2-2", "en").await.body;
    assert!(line.len() > 200_000 && line.contains("code is-wrapped"));
}
