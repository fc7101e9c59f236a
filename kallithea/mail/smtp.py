"""Handing messages to the mail server of the .ini."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message

from kallithea.core.errors import LastingError, UnavailableError

_TIMEOUT_SECONDS = 30
_TLS_PORT = 465
# Codes from here on: the same is refused again (RFC 5321, 4.2.1).
_FOR_GOOD = 500
_LONGEST_WORDS = 200


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
    """The server did not take the message now; the message says with which code."""


class MailRejectedError(LastingError):
    """The server never takes the message, or none for these recipients; of them the message has the server's words."""


def send_message(server: SmtpServer, message: Message) -> list[str]:
    """Hand over one message; returns when the server has taken it.

    The answer names the recipients whom the server refused while it took the message for others, each with the server's
    words. Raises MailRejectedError or MailRefusedError when it did not take the message at all, UnavailableError.
    """
    try:
        return _say_refused(_send(_connect(server), message))
    except smtplib.SMTPAuthenticationError as problem:
        # the server's words may repeat what was sent
        raise MailRefusedError(
            f"The mail server did not accept our name and password ({problem.smtp_code})."
        ) from problem
    except smtplib.SMTPRecipientsRefused as problem:
        words = f"The mail server refused every recipient: {'; '.join(_say_refused(problem.recipients))}"
        if _are_for_good(code for code, _words in problem.recipients.values()):
            raise MailRejectedError(words) from problem
        raise MailRefusedError(words) from problem
    except smtplib.SMTPDataError as problem:
        # the server's words may repeat what the message says, such as a link
        words = f"The mail server refused the message ({problem.smtp_code})."
        if _are_for_good([problem.smtp_code]):
            raise MailRejectedError(words) from problem
        raise MailRefusedError(words) from problem
    except smtplib.SMTPResponseException as problem:
        raise MailRefusedError(f"The mail server refused the message ({problem.smtp_code}).") from problem
    except (smtplib.SMTPException, OSError) as problem:
        raise UnavailableError(f"The mail server cannot be used: {type(problem).__name__}.") from problem


def _are_for_good(codes: Iterable[int]) -> bool:
    return all(code >= _FOR_GOOD for code in codes)


def _say_refused(recipients: Mapping[str, tuple[int, bytes]]) -> list[str]:
    return [f"{address}: {code} {_one_line(words)}" for address, (code, words) in sorted(recipients.items())]


def _one_line(words: bytes) -> str:
    text = " ".join(words.decode("utf-8", "replace").split())
    return "".join(character if character.isprintable() else "?" for character in text)[:_LONGEST_WORDS]


def _send(connection: smtplib.SMTP, message: Message) -> dict[str, tuple[int, bytes]]:
    try:
        return connection.send_message(message)
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
