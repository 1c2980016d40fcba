use askama::Template;
use hearth_core::Language;
use hearth_words::{Words, t};

/// A rendered e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailMessage {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The kinds of e-mail, with the values that each one needs.
#[derive(Clone, Debug)]
pub enum EmailKind<'a> {
    /// A test of whether e-mail arrives.
    Test,
    /// A password reset link.
    Reset { user: &'a str, link: &'a str, minutes: u64 },
    /// An invitation to register.
    Invitation { by: &'a str, link: &'a str, days: u64 },
    /// An invitation to join an organisation.
    Joining { by: &'a str, organization: &'a str, link: &'a str, days: u64 },
}

/// The layout of every e-mail.
#[derive(Template)]
#[template(path = "emails/letter.html")]
struct Html<'a> {
    language: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    foot: &'a str,
}

#[derive(Template)]
#[template(path = "emails/letter.txt")]
struct Text<'a> {
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    foot: &'a str,
}

impl EmailMessage {
    /// `site` is the name of the site and `root` its URL.
    pub fn write(kind: &EmailKind<'_>, language: Language, site: &str, root: &str) -> Self {
        let words = Words::of(language);
        let (subject, paragraphs, link) = match *kind {
            EmailKind::Test => (
                t!(words, "mail-test-subject", site = site),
                vec![t!(words, "mail-test-text").to_owned()],
                None,
            ),
            EmailKind::Reset { user, link, minutes } => (
                t!(words, "mail-reset-subject", site = site),
                vec![
                    t!(words, "mail-reset-text", site = site, user = user),
                    t!(words, "mail-reset-once", minutes = minutes),
                    t!(words, "mail-reset-ignore").to_owned(),
                ],
                Some((link, t!(words, "mail-reset-link"))),
            ),
            EmailKind::Invitation { by, link, days } => (
                t!(words, "mail-invitation-subject", site = site),
                vec![
                    t!(words, "mail-invitation-text", site = site, by = by),
                    t!(words, "mail-invitation-once", days = days),
                ],
                Some((link, t!(words, "mail-invitation-link"))),
            ),
            EmailKind::Joining { by, organization, link, days } => (
                t!(words, "mail-joining-subject", site = site, organization = organization),
                vec![
                    t!(words, "mail-joining-text", site = site, by = by, organization = organization),
                    t!(words, "mail-joining-once", days = days),
                ],
                Some((link, t!(words, "mail-joining-link"))),
            ),
        };
        let foot = t!(words, "mail-foot", site = site, root = root);
        let html = Html {
            language: language.as_str(),
            subject: &subject,
            paragraphs: &paragraphs,
            link,
            foot: &foot,
        };
        let text = Text { paragraphs: &paragraphs, link, foot: &foot };
        let written = "a letter is written into memory";
        let (text, html) = (text.render().expect(written), html.render().expect(written));
        Self { subject, text, html }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [EmailKind<'static>; 4] {
        let link = "https://hearth.test/user/reset/a?b=1&c=2";
        [
            EmailKind::Test,
            EmailKind::Reset { user: "mei", link, minutes: 60 },
            EmailKind::Invitation { by: "<b>boss</b>", link, days: 14 },
            EmailKind::Joining { by: "mei", organization: "lab", link, days: 14 },
        ]
    }

    #[test]
    fn every_letter_is_written_in_every_language_with_its_link_in_both_forms() {
        for kind in all() {
            for language in Language::ALL {
                let letter = EmailMessage::write(&kind, *language, "Hearth", "https://hearth.test/");
                assert!(letter.subject.contains("Hearth"), "{letter:?}");
                assert!(letter.html.contains(&format!("lang=\"{language}\"")), "{letter:?}");
                assert!(letter.text.contains("https://hearth.test/"), "{letter:?}");
                if !matches!(kind, EmailKind::Test) {
                    assert!(letter.text.contains("https://hearth.test/user/reset/a?b=1&c=2\n"), "{letter:?}");
                    assert!(
                        letter.html.contains("href=\"https://hearth.test/user/reset/a?b=1&#38;c=2\""),
                        "{letter:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_people_wrote_is_no_markup() {
        let letter = EmailMessage::write(&all()[2], Language::En, "A & B", "https://hearth.test/");
        assert!(!letter.html.contains("<b>boss") && letter.html.contains("A &#38; B"), "{}", letter.html);
        assert!(letter.text.contains("<b>boss</b>"), "plain text stays what it is: {}", letter.text);
    }
}
