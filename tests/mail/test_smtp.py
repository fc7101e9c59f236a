"""Messages reach a server, encrypted where the settings say so, and refusals tell no secrets."""

import datetime
import email
import pathlib
import socket
import ssl
import subprocess

import pytest

from kallithea.core.errors import UnavailableError
from kallithea.mail.message import Mail, build_message
from kallithea.mail.smtp import MailRefusedError, MailRejectedError, SmtpServer, send_message
from tests.mail.smtp_server import mail_server

DATE = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


def send(server: SmtpServer, *to: str) -> list[str]:
    mail = Mail(to or ("ada@example.org",), "Hello", "Text\n.\n", "1@example.org")
    return send_message(server, build_message(mail, sender="noreply@example.org", prefix="", date=DATE))


@pytest.fixture
def certificate(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate that clients of this process trust."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command, *names], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_message_is_handed_over() -> None:
    with mail_server() as server:
        assert send(SmtpServer("127.0.0.1", server.port), "ada@example.org", "Bob <bob@example.org>") == []
    (message,) = server.received
    assert message.sender == "noreply@example.org"
    assert message.recipients == ["ada@example.org", "bob@example.org"]
    assert b"Subject: Hello\r\n" in message.data
    assert email.message_from_bytes(message.data).get_payload(decode=True) == b"Text\n.\n"


def test_starttls_and_password(certificate: ssl.SSLContext) -> None:
    with mail_server(tls=certificate, password="secret") as server:
        send(SmtpServer("localhost", server.port, "ada", "secret", tls=True))
    assert [(message.encrypted, message.signed_in_as) for message in server.received] == [(True, "ada")]


def test_encrypted_from_the_first_byte(certificate: ssl.SSLContext) -> None:
    with mail_server(tls=certificate, encrypted=True) as server:
        send(SmtpServer("localhost", server.port, ssl=True))
    assert [message.encrypted for message in server.received] == [True]


def test_certificate_that_nobody_trusts_is_refused(
    certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with mail_server(tls=certificate) as server, pytest.raises(UnavailableError):
        send(SmtpServer("localhost", server.port, tls=True))
    assert server.received == []


def test_password_is_not_in_the_words_of_a_refusal() -> None:
    with mail_server(password="right") as server, pytest.raises(MailRefusedError) as refused:
        send(SmtpServer("127.0.0.1", server.port, "ada", "wrong-secret"))
    assert str(refused.value) == "The mail server did not accept our name and password (535)."


def test_some_recipients_are_refused() -> None:
    with mail_server() as server:
        refused = send(SmtpServer("127.0.0.1", server.port), "ada@example.org", "eve@refused.example")
    assert refused == ["eve@refused.example: 550 not here"]
    assert server.received[0].recipients == ["ada@example.org"]


def test_every_recipient_is_refused() -> None:
    with mail_server() as server, pytest.raises(MailRejectedError) as refused:
        send(SmtpServer("127.0.0.1", server.port), "eve@refused.example")
    assert str(refused.value) == "The mail server refused every recipient: eve@refused.example: 550 not here"


def test_recipients_that_are_refused_for_now() -> None:
    """Not by all for good: the message may be taken later."""
    with mail_server() as server, pytest.raises(MailRefusedError, match=r"bob@later\.example: 450 not yet; eve@"):
        send(SmtpServer("127.0.0.1", server.port), "eve@refused.example", "bob@later.example")


@pytest.mark.parametrize(("code", "error"), [(451, MailRefusedError), (554, MailRejectedError)])
def test_message_that_is_refused(code: int, error: type[Exception]) -> None:
    """The server's words may repeat what the message says."""
    with mail_server(answer=f"{code} this link is spam") as server, pytest.raises(error) as refused:
        send(SmtpServer("127.0.0.1", server.port))
    assert str(refused.value) == f"The mail server refused the message ({code})."


def test_server_that_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(UnavailableError):
        send(SmtpServer("127.0.0.1", port))


def test_password_is_not_shown_with_the_server() -> None:
    assert "secret" not in repr(SmtpServer("127.0.0.1", password="secret"))
