"""From the bytes of repositories to text that people can trust: one decision about encodings, nothing invisible."""

import re
from collections.abc import Sequence

# Characters that change the order or the place of what is seen, or are not seen at all.
_INVISIBLE = "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb"
_UNSEEN = re.compile(rf"[\x00-\x08\x0a-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff]")
_UNSEEN_IN_LINES = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_INVISIBLE}\ud800-\udfff]")

_CONTROL_PICTURES = 0x2400

#: Characters of a name or subject in a list.
LONGEST_LINE = 500


def decode(data: bytes, encodings: Sequence[str] = ("utf-8",)) -> str:
    """Text of the bytes: as UTF-8, else in the first of ``encodings`` that fits, else as Latin-1, which always fits."""
    for encoding in ("utf-8", *encodings):
        try:
            # Much quicker than the codec that knows the byte order mark by itself.
            return data.decode(encoding).removeprefix("\ufeff")
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def character_start(data: bytes, at: int) -> int:
    """The place ``at``, or the nearest before it, where no character of UTF-8 would be cut."""
    at = min(at, len(data))
    # A character has four bytes at most; what has more that go on with one is in another encoding.
    starts = (place for place in range(at, max(at - 4, -1), -1) if place == len(data) or data[place] & 0xC0 != 0x80)
    return next(starts, at)


def encoding_of(data: bytes, encodings: Sequence[str] = ("utf-8",)) -> str:
    """Name of the encoding that ``decode`` uses for the bytes."""
    for encoding in ("utf-8", *encodings):
        try:
            data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        return encoding.lower()
    return "latin-1"


def one_line(data: bytes, encodings: Sequence[str] = ("utf-8",)) -> str:
    """A name, a path or a subject: decoded, with every character visible, line ends and the like included."""
    return visible(decode(data, encodings))


def short_line(data: bytes, encodings: Sequence[str] = ("utf-8",)) -> str:
    """Like ``one_line``, but of a long one only the begin: for lists, where each of many may be of any length."""
    text = decode(data, encodings)
    return visible(text) if len(text) <= LONGEST_LINE else visible(text[: LONGEST_LINE - 1]) + "…"


def field_value(name: bytes) -> str:
    """What a field of a form can carry: browsers send UTF-8. Other names are left out, and those with unseen signs."""
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return ""
    return text if visible(text) == text else ""


def visible(text: str) -> str:
    """The text with control, direction and invisible characters replaced by signs for them. Tabs stay."""
    return _UNSEEN.sub(_sign, text) if _UNSEEN.search(text) else text


def visible_lines(text: str) -> str:
    """Like ``visible``, for text of several lines: LF and CR LF stay line ends."""
    text = text.replace("\r\n", "\n")
    return _UNSEEN_IN_LINES.sub(_sign, text) if _UNSEEN_IN_LINES.search(text) else text


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    return "\u2421" if code == 0x7F else f"⟨U+{code:04X}⟩"
