"""Handing messages to the mail server of the .ini."""

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import Message

from kallithea.core.errors import UnavailableError

_TIMEOUT_SECONDS = 30
_TLS_PORT = 465


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server. ``port`` 0 is the usual one; ``ssl`` encrypts from the first byte, ``tls`` by STARTTLS."""

    host: str
    port: int = 0
    username: str = ""
    password: str = field(default="", repr=False)
    ssl: bool = False
    tls: bool = False


class MailRefusedError(UnavailableError):
    """The server did not take the message; the message says with which code."""


def send_message(server: SmtpServer, message: Message) -> int:
    """Hand over one message; returns when the server has taken it.

    The answer is the number of recipients whom the server refused while it took the message for others. Raises
    MailRefusedError when it did not take the message at all, UnavailableError.
    """
    try:
        return _send(_connect(server), message)
    except smtplib.SMTPAuthenticationError as problem:
        # the server's words may repeat what was sent
        raise MailRefusedError(
            f"The mail server did not accept our name and password ({problem.smtp_code})."
        ) from problem
    except smtplib.SMTPRecipientsRefused as problem:
        codes = sorted({str(code) for code, _ in problem.recipients.values()})
        raise MailRefusedError(f"The mail server refused every recipient ({', '.join(codes)}).") from problem
    except smtplib.SMTPResponseException as problem:
        raise MailRefusedError(f"The mail server refused the message ({problem.smtp_code}).") from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise UnavailableError(f"The mail server cannot be used: {type(problem).__name__}.") from problem


def _send(connection: smtplib.SMTP, message: Message) -> int:
    try:
        return len(connection.send_message(message))
    finally:
        # once the server has taken a message, a farewell that fails must not have it sent again
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def _connect(server: SmtpServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.ssl:
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port or _TLS_PORT, timeout=_TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_SECONDS)
    try:
        if server.tls and not server.ssl:
            connection.starttls(context=context)
        if server.username:
            connection.login(server.username, server.password)
    except BaseException:
        connection.close()
        raise
    return connection
