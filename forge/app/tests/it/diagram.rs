use hearth_app::{
    App, DrawingProgram, diagram,
    markdown::{self, Links},
    testing::{Choices, TestHearth},
};
use hearth_git::{Holder, on_behalf_of};

/// The signature and the encoded source of the only diagram in a text.
async fn parts(app: &App, text: &str) -> (String, String) {
    let html = markdown::draw(app, text.into(), Links::default()).await;
    let path = html.split("/-/diagram/").nth(1).expect("a diagram").split('"').next().expect("its end");
    let mut parts = path.split('/').skip(1).map(str::to_owned);
    (parts.next().expect("a signature"), parts.next().expect("a source"))
}

#[tokio::test]
async fn the_diagrams_of_one_reader_leave_room_for_those_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("draw.sh");
    let text = "case $1 in mermaid) exec tail -f /dev/null;; *) echo '<svg/>';; esac\n";
    std::fs::write(&script, text).expect("written");
    let script: &'static str = script.to_str().expect("a plain path").to_owned().leak();
    let drawing = Some(DrawingProgram::new("/bin/sh", script));
    let hearth = TestHearth::with(Choices { drawing, ..Choices::default() }).await;
    let app = &hearth.app;
    let from = |last: u8| vec![Holder::address([192, 0, 2, last].into())];
    let (first, second) = (parts(app, "```mermaid\na\n```").await, parts(app, "```mermaid\nb\n```").await);
    let other = parts(app, "```dot\ngraph {}\n```").await;
    let drawn = tokio::select! {
        biased;
        _ = on_behalf_of(from(1), diagram::get(app, "mermaid", &first.0, &first.1)) => panic!("it never ends"),
        _ = on_behalf_of(from(1), diagram::get(app, "mermaid", &second.0, &second.1)) => panic!("it waits"),
        drawn = on_behalf_of(from(2), diagram::get(app, "graphviz", &other.0, &other.1)) => drawn,
    };
    assert_eq!(drawn.expect("room for another").trim(), "<svg/>");
}
