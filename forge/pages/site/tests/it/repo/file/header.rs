use super::with_file;

const HEADER: &str = r#"{"__metadata__":{"format":"pt"},"embed.<weight>":{"dtype":"BF16","shape":[4,8],"data_offsets":[0,64]}}"#;

fn weights() -> Vec<u8> {
    [&(HEADER.len() as u64).to_le_bytes()[..], HEADER.as_bytes(), &[0; 64]].concat()
}

#[tokio::test]
async fn the_tensors_of_a_model_are_listed() {
    let site = with_file("model.safetensors", &weights()).await;
    let page = site.get("/mei/llm/src/branch/main/model.safetensors", "en").await.body;
    assert!(
        page.contains("embed.&#60;weight&#62;") && page.contains("4 × 8") && page.contains("BF16"),
        "{page}"
    );
    assert!(page.contains("<dt>Parameters</dt><dd>32</dd>"));
}

#[tokio::test]
async fn a_header_that_lies_is_said_to_be_damaged() {
    for (bytes, sentence) in [
        (&b"\xff\xff\xff\xff\xff\xff\xff\xff{}"[..], "ends within its header"),
        (b"\x02\0\0\0\0\0\0\0[]", "damaged"),
    ] {
        let site = with_file("model.safetensors", bytes).await;
        let page = site.get("/mei/llm/src/branch/main/model.safetensors", "en").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(sentence), "{}", page.body);
    }
}
