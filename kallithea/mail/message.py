"""Building messages of plain text whose headers nobody can write into."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr

from kallithea.core.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message says. ``message_id`` is without angle brackets or with them."""

    to: Sequence[str]
    subject: str
    text: str
    message_id: str


def build_message(mail: Mail, *, sender: str, prefix: str, date: datetime.datetime) -> Message:
    """The message with all its headers; ``prefix`` is put before the subject. Raises InvalidError for an address."""
    # the older classes of the library: in Python 3.11, EmailMessage loses blanks where it folds a subject
    message = MIMEText(mail.text, "plain", "utf-8")
    message["From"] = _format(sender)
    message["To"] = ", ".join(_format(address) for address in mail.to)
    message["Subject"] = Header(_one_line(f"{prefix} {mail.subject}"), header_name="Subject").encode()
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{_one_line(mail.message_id).strip('<>').replace(' ', '')}>"
    # answers of machines to machines have no end
    message["Auto-Submitted"] = "auto-generated"
    return message


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
