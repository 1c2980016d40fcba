"""A real mail server for tests (aiosmtpd). Letters are kept as lines of JSON in a file.

Arguments: port (0: a free one), file for letters, folder of certificates or "-", user:password or "-".
Says "ready {port}" on standard output, and ends when its standard input does.
Addresses decide what happens to a letter: those that begin with "refused" are refused for good, with "later" for now.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, path):
        self.path = path

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 nobody of this name lives here"
        if address.startswith("later"):
            return "451 4.3.0 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        text = message.get_body(("plain",))
        html = message.get_body(("html",))
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in message.items()],
            "subject": str(message["subject"]),
            "text": text.get_content() if text else "",
            "html": html.get_content() if html else "",
            "is_private": session.ssl is not None,
            "user": session.auth_data,
        }
        with open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(letter) + "\n")
        return "250 OK"


async def main():
    port, path, certificates, account = sys.argv[1:5]
    tls = None
    if certificates != "-":
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificates + "/server.pem", certificates + "/server.key")

    def check(server, session, envelope, mechanism, data):
        given = data.login.decode() + ":" + data.password.decode()
        if given != account:
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=data.login.decode())

    def begin():
        needs_account = account != "-"
        return SMTP(
            Handler(path),
            hostname="mail.test",
            tls_context=tls,
            require_starttls=tls is not None,
            authenticator=check if needs_account else None,
            auth_required=needs_account,
            auth_require_tls=tls is not None,
        )

    server = await asyncio.get_running_loop().create_server(begin, "127.0.0.1", int(port))
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
