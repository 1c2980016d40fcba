//! Emails of the real binary through a real mail server.

use hearth_test_smtp::{Demands, PASSWORD, SmtpServer, USERNAME};
use hearth_tests::TestServer;

#[test]
fn a_mail_server_is_tried_from_the_command_line() {
    let demands = Demands { tls: true, account: true };
    let Some(mut mail) = SmtpServer::start(demands) else {
        return hearth_skip::skip("HEARTH_TEST_PYTHON names no Python with aiosmtpd");
    };
    let folder = tempfile::tempdir().unwrap();
    let (authority, secret) = (folder.path().join("ca.pem"), folder.path().join("password"));
    std::fs::write(&authority, mail.authority()).unwrap();
    std::fs::write(&secret, format!("{PASSWORD}\n")).unwrap();
    let server = TestServer::builder()
        .setting("mail.host", "localhost")
        .setting("mail.port", &mail.port().to_string())
        .setting("mail.security", "starttls")
        .setting("mail.username", USERNAME)
        .setting("mail.password_file", &secret.display().to_string())
        .setting("mail.from", "Hearth <hearth@example.org>")
        .setting("mail.ca_file", &authority.display().to_string())
        .start();
    let said = server.hearth(&["mail", "test", "--to", "mei@example.org", "--language", "zh-CN"], "");
    assert!(said.contains("Test email to mei@example.org handed to"), "{said}");
    let letters = mail.wait_for(1);
    assert_eq!(letters[0]["subject"], "Hearth 的测试邮件");
    assert_eq!(letters[0]["is_private"], true);
    assert!(server.attempt(&["doctor"]).out.contains("accepts email"));
    mail.stop();
    let refused = server.attempt(&["mail", "test", "--to", "mei@example.org"]);
    assert!(!refused.succeeded && refused.err.contains("does not take letters now"), "{}", refused.err);
}
