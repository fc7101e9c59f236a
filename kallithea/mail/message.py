"""Building messages of plain text whose headers nobody can write into."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from kallithea.core.errors import InvalidError


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message says. ``message_id`` is without angle brackets or with them."""

    to: Sequence[str]
    subject: str
    text: str
    message_id: str


def build_message(mail: Mail, *, sender: str, prefix: str, date: datetime.datetime) -> EmailMessage:
    """The message with all its headers; ``prefix`` is put before the subject. Raises InvalidError for an address."""
    message = EmailMessage(policy=SMTP)
    message["From"] = parse_address(sender)
    message["To"] = [parse_address(address) for address in mail.to]
    message["Subject"] = _one_line(f"{prefix} {mail.subject}")
    message["Date"] = format_datetime(date)
    message["Message-ID"] = f"<{_one_line(mail.message_id).strip('<>').replace(' ', '')}>"
    # answers of machines to machines have no end
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def parse_address(text: str) -> Address:
    """An address, with or without a name before it. Raises InvalidError."""
    name, spec = parseaddr(text)
    try:
        address = Address(display_name=_one_line(name), addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as problem:
        raise InvalidError({"address": f"{text!r} is no mail address, such as ada@example.org"}) from problem
    if not address.domain or not address.username or "\n" in text or "\r" in text:
        raise InvalidError({"address": f"{text!r} is no mail address, such as ada@example.org"})
    return address


def _one_line(text: str) -> str:
    return " ".join(text.split())
