use proptest::prelude::*;

use super::{parse::template, *};

const FORM: &str = "name: Bug\ndescription: Something fails\ntitle: \"[Bug]: \"\nlabels: [bug, \"needs triage\"]\nassignees: mei, bob\nbody:\n  - type: markdown\n    attributes:\n      value: |\n        Thank you.\n  - type: input\n    id: version\n    attributes: { label: Version, placeholder: \"1.0\" }\n    validations: { required: true }\n  - type: textarea\n    id: log\n    attributes:\n      label: Log\n      render: shell\n  - type: dropdown\n    id: system\n    attributes:\n      label: System\n      multiple: true\n      options: [Linux, macOS, Windows]\n  - type: checkboxes\n    attributes:\n      label: Terms\n      options:\n        - label: I searched first\n          required: true\n        - label: I will help\n";

fn form(text: &str) -> std::result::Result<IssueTemplate, (usize, ProblemKind, String)> {
    template(".github/ISSUE_TEMPLATE/bug.yml", text)
        .map_err(|problem| (problem.line, problem.kind, problem.key))
}

fn fields() -> Vec<Field> {
    match form(FORM).expect("it is good").content {
        Content::Form(fields) => fields,
        Content::Text(_) => panic!("it is a form"),
    }
}

fn answers(given: &[(&str, &[&str])]) -> Answers {
    let values = |values: &[&str]| values.iter().map(ToString::to_string).collect();
    given.iter().map(|(id, given)| ((*id).to_owned(), values(given))).collect()
}

#[test]
fn a_form_has_what_its_file_says() {
    let bug = form(FORM).expect("it is good");
    assert_eq!(
        (bug.name.as_str(), bug.about.as_str(), bug.title.as_str()),
        ("Bug", "Something fails", "[Bug]:")
    );
    assert_eq!(
        (bug.labels, bug.assignees),
        (vec!["bug".into(), "needs triage".into()], vec!["mei".into(), "bob".into()])
    );
    let fields = fields();
    let ids: Vec<&str> = fields.iter().map(|field| field.id.as_str()).collect();
    assert_eq!(ids, ["field-1", "version", "log", "system", "field-5"]);
    assert!(fields[1].is_required && !fields[2].is_required);
}

#[test]
fn answers_become_the_text_of_the_issue() {
    let given = answers(&[
        ("version", &["1.2"]),
        ("log", &["```\nboom\r\n````"]),
        ("system", &["2", "0", "9", "x"]),
        ("field-5", &["0"]),
    ]);
    assert_eq!(mistakes(&fields(), &given), []);
    assert_eq!(
        markdown(&fields(), &given),
        "### Version\n\n1.2\n\n### Log\n\n`````shell\n```\nboom\n````\n`````\n\n### System\n\nLinux, Windows\n\n### Terms\n\n- [x] I searched first\n- [ ] I will help"
    );
    assert!(markdown(&fields(), &Answers::new()).contains("### System\n\n_No response_"));
}

#[test]
fn what_is_demanded_and_missing_is_said_for_each_field() {
    let given = answers(&[("version", &["  "]), ("field-5", &["1"])]);
    assert_eq!(
        mistakes(&fields(), &given),
        [("version".to_owned(), AnswerMistake::Required), ("field-5".to_owned(), AnswerMistake::BoxRequired)]
    );
}

#[test]
fn a_bad_form_is_refused_with_its_line() {
    let body = "  - type: input\n    attributes: { label: A }\n";
    for (text, expected) in [
        ("body: []\nname: x\n".to_owned(), (1, ProblemKind::NoFields, "body")),
        (format!("body:\n{body}"), (1, ProblemKind::Missing, "name")),
        (
            "name: x\nbody:\n  - type: slider\n    attributes: { label: A }\n".to_owned(),
            (3, ProblemKind::UnknownType, "slider"),
        ),
        ("name: x\nbody:\n  - type: input\n".to_owned(), (3, ProblemKind::Missing, "attributes")),
        (
            format!(
                "name: x\nbody:\n{}{}",
                body.replace("type: input", "type: input\n    id: a"),
                body.replace("type: input", "type: input\n    id: a")
            ),
            (6, ProblemKind::Duplicate, "a"),
        ),
        (
            "name: x\nbody:\n  - type: dropdown\n    attributes: { label: A }\n".to_owned(),
            (4, ProblemKind::Missing, "options"),
        ),
        (
            "name: [x]\nbody:\n  - type: input\n    attributes: { label: A }\n".to_owned(),
            (1, ProblemKind::NotText, "name"),
        ),
        ("- x\n".to_owned(), (1, ProblemKind::NotMap, "")),
    ] {
        let (line, kind, key) = expected;
        assert_eq!(form(&text), Err((line, kind, key.to_owned())), "{text}");
    }
}

#[test]
fn a_template_in_markdown_has_a_head_of_settings_or_none() {
    let read = |text: &str| template(".github/ISSUE_TEMPLATE/bug_report.md", text);
    let with = read("---\nname: Bug\nabout: x\nlabels: a, b\n---\n\nSteps:\n").expect("it is good");
    assert_eq!((with.name.as_str(), &with.content), ("Bug", &Content::Text("Steps:".into())));
    assert_eq!(with.labels, ["a", "b"]);
    let without = read("Steps:\n").expect("it is good");
    assert_eq!(without.name, "bug report");
    let problem = read("---\nname: Bug\nlabels: {a: b}\n---\n").expect_err("labels are no map");
    assert_eq!((problem.line, problem.kind), (3, ProblemKind::NotList));
}

#[test]
fn links_lead_to_the_web_alone() {
    let config = parse::config(
        "blank_issues_enabled: false\ncontact_links:\n  - name: Forum\n    url: https://forum.example.org\n    about: Ask here\n",
    );
    let config = config.expect("it is good");
    assert!(!config.takes_blank && config.links[0].name == "Forum");
    let bad =
        parse::config("contact_links:\n  - name: x\n    url: javascript:alert(1)\n").expect_err("no link");
    assert_eq!((bad.line, bad.kind), (2, ProblemKind::Address));
}

proptest! {
    #[test]
    fn a_damaged_form_is_read_or_refused(at in 0..FORM.len(), byte in any::<char>()) {
        let at = (0..=at).rev().find(|at| FORM.is_char_boundary(*at)).unwrap_or(0);
        let damaged = format!("{}{byte}{}", &FORM[..at], &FORM[at..]);
        let cut = &FORM[..at];
        for text in [damaged.as_str(), cut] {
            if let Ok(IssueTemplate { content: Content::Form(fields), .. }) = form(text) {
                let _ = markdown(&fields, &Answers::new());
                let _ = mistakes(&fields, &Answers::new());
            }
            let _ = parse::config(text);
            let _ = template("a.md", text);
        }
    }
}
