"""Messages say what they shall, and nobody can write into their headers."""

import datetime
import email
import email.policy

import pytest

from kallithea.core.errors import InvalidError
from kallithea.mail.message import Mail, build_message, parse_address

DATE = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.UTC)


def build(
    *, to: tuple[str, ...] = ("ada@example.org",), subject: str = "Hello", text: str = "Text\n", prefix: str = ""
) -> email.message.EmailMessage:
    mail = Mail(to, subject, text, "1.2@example.org")
    message = build_message(mail, sender="Kallithea <noreply@example.org>", prefix=prefix, date=DATE)
    return email.message_from_bytes(bytes(message), policy=email.policy.default)


def test_headers() -> None:
    message = build(to=("Ada Lovelace <ada@example.org>", "bob@example.org"), prefix="[Kallithea]")
    assert message["From"] == "Kallithea <noreply@example.org>"
    assert message["To"] == "Ada Lovelace <ada@example.org>, bob@example.org"
    assert message["Subject"] == "[Kallithea] Hello"
    assert message["Date"] == "Wed, 02 Jan 2030 03:04:05 +0000"
    assert message["Message-ID"] == "<1.2@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"


def test_text_and_subject_of_any_language() -> None:
    message = build(subject="Grüße 漢字 " * 20, text="Grüße 漢字\n" + "long " * 500 + "\n.\n")
    assert message["Subject"] == ("Grüße 漢字 " * 20).strip()
    assert message.get_content() == "Grüße 漢字\n" + "long " * 500 + "\n.\n"


def test_subject_is_one_line() -> None:
    message = build(subject="Hello\r\nBcc: eve@example.org\r\n\r\nbody")
    assert message["Subject"] == "Hello Bcc: eve@example.org body"
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example.org\nBcc: eve@example.org",
        "a b@example.org",
        "jürgen@example.org",
        "Ada\r\nX: y <a@b.c>",
    ],
)
def test_address_that_is_none(address: str) -> None:
    with pytest.raises(InvalidError):
        parse_address(address)
    with pytest.raises(InvalidError):
        build(to=(address,))


def test_name_of_any_language_before_an_address() -> None:
    message = build(to=('"Jürgen, «x»" <j@example.org>',) * 10)
    assert {address.addr_spec for address in message["To"].addresses} == {"j@example.org"}
