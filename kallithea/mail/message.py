"""Building messages, of plain text or of that and HTML, whose headers nobody can write into."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr

from kallithea.core.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message says. ``message_id`` is without angle brackets or with them.

    ``html`` says the same once more, where it is not empty; ``headers`` are further ones, by their names.
    """

    to: Sequence[str]
    subject: str
    text: str
    message_id: str
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def build_message(mail: Mail, *, sender: str, prefix: str, date: datetime.datetime) -> Message:
    """The message with all its headers; ``prefix`` is put before the subject. Raises InvalidError for an address."""
    # the older classes of the library: in Python 3.11, EmailMessage loses blanks where it folds a subject
    message = _make_body(mail)
    message["From"] = _format(sender)
    message["To"] = ", ".join(_format(address) for address in mail.to)
    message["Subject"] = Header(_one_line(f"{prefix} {mail.subject}"), header_name="Subject").encode()
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{_one_line(mail.message_id).strip('<>').replace(' ', '')}>"
    # answers of machines to machines have no end
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        message[name] = _one_line(value)
    return message


def _make_body(mail: Mail) -> Message:
    text = MIMEText(mail.text, "plain", "utf-8")
    if not mail.html:
        return text
    # the last part is the one that programs like best
    return MIMEMultipart("alternative", _subparts=[text, MIMEText(mail.html, "html", "utf-8")])


def parse_address(text: str) -> Address:
    """An address, with or without a name before it. Raises InvalidError."""
    name, spec = parseaddr(text)
    problem = InvalidError({"address": f"{text!r} is no mail address, such as ada@example.org"})
    try:
        address = Address(display_name=_one_line(name), addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as cause:
        raise problem from cause
    if not address.domain or not address.username or not spec.isascii() or "\n" in text or "\r" in text:
        raise problem
    return address


def _format(text: str) -> str:
    address = parse_address(text)
    return formataddr((address.display_name, address.addr_spec))


def _one_line(text: str) -> str:
    return " ".join(text.split())
