use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use hearth_core::{Email, chain};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    address::Envelope,
    message::{Mailbox, MultiPart, header},
    transport::smtp::{
        Error as SmtpError,
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use crate::{EmailMessage, MailSettings, Security};

/// Timeout of one SMTP command.
const STEP: Duration = Duration::from_secs(20);
/// Timeout of the whole conversation.
const PATIENCE: Duration = Duration::from_secs(60);
/// Server replies are truncated to this many characters: more is of no use.
const LONGEST_ANSWER: usize = 300;

/// Sends e-mail through the mail server. Clones share the connections.
#[derive(Clone)]
pub struct Mailer(Arc<Inner>);

struct Inner {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    place: String,
    patience: Duration,
}

/// Why an e-mail could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    #[error("[mail] cannot be used: {0}")]
    Settings(String),
    /// The server is not available now; a retry may succeed.
    #[error("the mail server {place} does not take letters now: {detail}")]
    Later { place: String, detail: String },
    /// The server answered with 5xx: retrying is pointless.
    #[error("the mail server {place} refuses: {detail}")]
    Refused { place: String, detail: String },
}

impl MailError {
    /// Whether a retry may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Later { .. })
    }
}

impl fmt::Debug for Mailer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Mailer").field(&self.0.place).finish()
    }
}

impl Mailer {
    /// Does not connect yet, so that a server that is down does not prevent the start.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let wrong = |text: String| MailError::Settings(text);
        let host = settings.host.as_str();
        let from: Mailbox = settings
            .from
            .parse()
            .map_err(|_| wrong("mail.from is no address like \"Hearth <hearth@example.org>\"".into()))?;
        if !settings.username.is_empty() && settings.security == Security::None && !is_this_machine(host) {
            return Err(wrong("a password is not sent without TLS: set mail.security".into()));
        }
        let mut parameters = TlsParameters::builder(host.to_owned());
        if !settings.authority_pem.is_empty() {
            let certificate = Certificate::from_pem(&settings.authority_pem);
            let certificate =
                certificate.map_err(|error| wrong(format!("mail.ca_file: {}", chain(&error))))?;
            parameters = parameters.add_root_certificate(certificate);
        }
        let parameters = || parameters.build().map_err(|error| wrong(chain(&error)));
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::StartTls => Tls::Required(parameters()?),
            Security::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(settings.port())
            .tls(tls)
            .timeout(Some(STEP))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()));
        if !settings.username.is_empty() {
            builder =
                builder.credentials(Credentials::new(settings.username.clone(), settings.password.clone()));
        }
        Ok(Self(Arc::new(Inner {
            transport: builder.build(),
            from,
            place: format!("{host}:{}", settings.port()),
            patience: settings.patience.unwrap_or(PATIENCE),
        })))
    }

    /// The mail server, as shown to people.
    pub fn place(&self) -> &str {
        &self.0.place
    }

    /// The sender of all e-mail.
    pub fn from(&self) -> String {
        self.0.from.to_string()
    }

    /// Connects and signs in as for an e-mail, but sends none.
    pub async fn check(&self) -> Result<(), MailError> {
        match timeout(self.0.patience, self.0.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(self.later("it hung up".into())),
            Ok(Err(error)) => Err(self.meaning(&error)),
            Err(_) => Err(self.too_slow()),
        }
    }

    /// Sends an e-mail. `id` is the same for every retry, so that a server that received it twice can tell.
    pub async fn send(
        &self,
        to: &Email,
        letter: &EmailMessage,
        id: &str,
        now: SystemTime,
    ) -> Result<(), MailError> {
        let message = self.message(to, letter, id, now)?;
        match timeout(self.0.patience, self.0.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.meaning(&error)),
            Err(_) => Err(self.too_slow()),
        }
    }

    fn message(
        &self,
        to: &Email,
        letter: &EmailMessage,
        id: &str,
        now: SystemTime,
    ) -> Result<Message, MailError> {
        let refused = |detail: String| MailError::Refused { place: self.0.place.clone(), detail };
        let address: Address =
            to.as_str().parse().map_err(|_| refused("the address cannot be written to".into()))?;
        let envelope = Envelope::new(Some(self.0.from.email.clone()), vec![address.clone()]);
        let envelope = envelope.map_err(|error| refused(chain(&error)))?;
        Message::builder()
            .envelope(envelope)
            .from(self.0.from.clone())
            .to(Mailbox::new(None, address))
            .subject(one_line(&letter.subject))
            .date(now)
            .message_id(Some(format!("<{}@{}>", one_word(id), self.0.from.email.domain())))
            .raw_header(header::HeaderValue::new(
                header::HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".into(),
            ))
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| refused(chain(&error)))
    }

    fn meaning(&self, error: &SmtpError) -> MailError {
        let detail = one_line(&chain(error)).chars().take(LONGEST_ANSWER).collect();
        let place = self.0.place.clone();
        if error.is_permanent() {
            MailError::Refused { place, detail }
        } else {
            MailError::Later { place, detail }
        }
    }

    fn too_slow(&self) -> MailError {
        self.later(format!("nothing came within {} s", self.0.patience.as_secs()))
    }

    fn later(&self, detail: String) -> MailError {
        MailError::Later { place: self.0.place.clone(), detail }
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// Replaces control characters, so that no header can be injected.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn one_word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || ".-_".contains(*letter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MailSettings {
        MailSettings {
            host: "mail.test".into(),
            from: "Hearth 熔炉 <hearth@mail.test>".into(),
            ..MailSettings::default()
        }
    }

    fn letter(subject: &str) -> EmailMessage {
        EmailMessage { subject: subject.into(), text: "text".into(), html: "<p>text</p>".into() }
    }

    fn written(subject: &str, id: &str) -> String {
        let mailer = Mailer::new(&settings()).expect("good settings");
        let to = "mei@example.org".parse().expect("an address");
        let message = mailer.message(&to, &letter(subject), id, SystemTime::UNIX_EPOCH).expect("a message");
        String::from_utf8(message.formatted()).expect("letters of ASCII")
    }

    fn headers(message: &str) -> Vec<&str> {
        let (head, _) = message.split_once("\r\n\r\n").expect("a head and a body");
        let is_new = |line: &&str| !line.starts_with([' ', '\t']);
        head.split("\r\n")
            .filter(is_new)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, _)| name)
            .collect()
    }

    #[test]
    fn a_message_says_who_when_and_that_a_program_wrote_it() {
        let message = written("Hello", "job-7");
        for part in [
            "To: mei@example.org\r\n",
            "Subject: Hello\r\n",
            "Message-ID: <job-7@mail.test>\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Date: Thu, 01 Jan 1970",
        ] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }

    #[test]
    fn nothing_in_a_letter_becomes_a_header() {
        let good = headers(&written("Hello", "job-7")).len();
        for evil in [
            "Hello\r\nBcc: eve@example.org",
            "Hello\nBcc: eve@example.org",
            "Hello\r\n\r\nanother body",
            "Hello\u{0}\u{b}\u{c}\u{85}\u{2028}Bcc: eve@example.org",
            "你好\r\nBcc: eve@example.org",
        ] {
            let message = written(evil, "job-7\r\nBcc: eve@example.org");
            let names = headers(&message);
            assert!(!names.contains(&"Bcc"), "{message}");
            assert_eq!(names.len(), good, "{message}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused_at_once() {
        let refused = |settings: MailSettings| match Mailer::new(&settings) {
            Err(MailError::Settings(text)) => text,
            other => panic!("{other:?}"),
        };
        assert!(refused(MailSettings { from: "nobody".into(), ..settings() }).contains("mail.from"));
        assert!(
            refused(MailSettings { from: "a@b.c\r\nBcc: e@b.c".into(), ..settings() }).contains("mail.from")
        );
        let open = MailSettings { username: "hearth".into(), security: Security::None, ..settings() };
        assert!(refused(open.clone()).contains("TLS"));
        assert!(Mailer::new(&MailSettings { host: "127.0.0.1".into(), ..open }).is_ok());
        let secret = MailSettings { password: "a secret".into(), ..settings() };
        assert!(!format!("{secret:?}").contains("a secret"));
    }
}
