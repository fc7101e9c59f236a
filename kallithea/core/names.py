"""Rules for the names of users, groups and repositories, and the key by which they are compared."""

import re
import unicodedata

from kallithea.core.errors import InvalidError
from kallithea.core.words import _, _n

MAX_SEGMENT = 100
MAX_PATH = 240

#: First path segments that belong to the application; no repository or group may have them.
RESERVED_FIRST_SEGMENTS = frozenset(
    {
        "css",
        "js",
        "images",
        "icons",
        "codemirror",
        "about",
        "favicon.ico",
        "robots.txt",
        "changeset_info",
        "my_pullrequests",
    }
)

MAX_EMAIL = 254
MAX_DESCRIPTION = 10_000

_DIGITS = re.compile(rb"[0-9]+")
# Longer numbers are compared like words.
_MOST_DIGITS = 20
_FORBIDDEN = frozenset('/\\?#%:*"<>|`$;&')
_REPOSITORY_SUFFIXES = (".git", ".hg")
# Controls, invisible and direction-changing characters, surrogates, private ones, those of no meaning, odd separators.
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\[\]]+@[^\s@<>(),;:\"\\[\].]+(\.[^\s@<>(),;:\"\\[\].]+)*")
_USER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,98}")


def name_key(name: str) -> str:
    """The key by which two names are the same: case folded, in Unicode NFC.

    Folding works on the decomposed form, as Unicode's canonical caseless matching does: only then has a key itself as
    its key. What no database stores, NUL and lone surrogates, becomes a character that no name has: such a name can
    be looked up, and is never found.
    """
    return storable(unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold()))


def storable(text: str) -> str:
    """The text with a character that no text has in the place of what no database stores, NUL and lone surrogates."""
    return _UNSTORABLE.sub("\uffff", text)


def find_segment_problem(segment: str) -> str | None:
    """What is wrong with one part of a repository or group path, or None."""
    key = name_key(segment)
    if not segment:
        return _("a name must not be empty")
    if _longest(segment) > MAX_SEGMENT:
        return _n(
            "a name must not be longer than %(count)s character",
            "a name must not be longer than %(count)s characters",
            MAX_SEGMENT,
        )
    if segment.startswith(("-", ".")):
        return _("a name must not begin with '-' or '.'")
    if segment != segment.strip() or segment.endswith("."):
        return _("a name must not begin or end with a blank, nor end with a dot")
    if key.endswith(_REPOSITORY_SUFFIXES):
        return _("a name must not end with .git or .hg: clients may add these endings to any repository's address")
    bad = next((char for char in segment if char in _FORBIDDEN), None) or _find_unprintable(segment)
    if bad is not None:
        shown = bad if bad in _FORBIDDEN else f"U+{ord(bad):04X}"
        return _("a name must not contain %(character)s", character=shown)
    return None


def find_path_problem(path: str) -> str | None:
    """What is wrong with the whole path (``group/sub/name``) of a repository or group, or None."""
    segments = path.split("/")
    for segment in segments:
        problem = find_segment_problem(segment)
        if problem is not None:
            return problem
    if _longest(path) > MAX_PATH:
        return _n(
            "a path must not be longer than %(count)s character",
            "a path must not be longer than %(count)s characters",
            MAX_PATH,
        )
    first = name_key(segments[0])
    if first.startswith("_") or first in RESERVED_FIRST_SEGMENTS:
        return _("'%(name)s' is reserved for pages of this site", name=segments[0])
    return None


def parse_path(path: str, field: str = "name") -> str:
    """The path in NFC if it is a valid repository or group path. Raises InvalidError naming ``field``."""
    normal = unicodedata.normalize("NFC", path)
    problem = find_path_problem(normal)
    if problem is not None:
        raise InvalidError({field: problem})
    return normal


def parse_user_name(name: str, field: str = "name") -> str:
    """The name if it can name a user. Raises InvalidError naming ``field``."""
    if not _USER_NAME.fullmatch(name):
        raise InvalidError(
            {field: _("use 1 to 99 letters, digits and . _ @ + - and begin with a letter or digit, such as 'ada.l'")}
        )
    return name


def parse_group_name(name: str, field: str = "name") -> str:
    """The name in NFC if it can name a group of users. Raises InvalidError naming ``field``."""
    normal = unicodedata.normalize("NFC", name)
    problem = find_segment_problem(normal)
    if problem is not None:
        raise InvalidError({field: problem})
    return normal


def parse_email(email: str, field: str = "email") -> str:
    """The address in NFC if it has the shape ``name@host``. Raises InvalidError naming ``field``.

    Only a mail that arrives proves an address; this catches slips, and what could break out of a mail's header.
    """
    normal = unicodedata.normalize("NFC", email.strip())
    if not _EMAIL.fullmatch(normal) or _find_unprintable(normal) or _longest(normal) > MAX_EMAIL:
        raise InvalidError(
            {
                field: _n(
                    "write one address such as ada@example.org, of at most %(count)s character",
                    "write one address such as ada@example.org, of at most %(count)s characters",
                    MAX_EMAIL,
                )
            }
        )
    return normal


def parse_person_name(name: str, field: str) -> str:
    """A first or last name in NFC; it may be empty. Raises InvalidError naming ``field``."""
    normal = unicodedata.normalize("NFC", name.strip())
    if len(normal) > MAX_SEGMENT or _find_unprintable(normal):
        raise InvalidError(
            {
                field: _n(
                    "use at most %(count)s printable character",
                    "use at most %(count)s printable characters",
                    MAX_SEGMENT,
                )
            }
        )
    return normal


def parse_description(text: str, field: str = "description") -> str:
    """Text of any lines that a database can store. Raises InvalidError naming ``field``."""
    if len(text) > MAX_DESCRIPTION or _UNSTORABLE.search(text):
        raise InvalidError(
            {
                field: _n(
                    "use at most %(count)s character of text, without NUL characters",
                    "use at most %(count)s characters of text, without NUL characters",
                    MAX_DESCRIPTION,
                )
            }
        )
    return text


def prefixes(path: str) -> list[str]:
    """All prefixes of a path that end at a segment, shortest first: ``a/b`` gives ``a`` and ``a/b``."""
    segments = path.split("/")
    return ["/".join(segments[:count]) for count in range(1, len(segments) + 1)]


def natural_key(name: bytes) -> bytes:
    """Sorts names as people count: ``v2.9`` comes before ``v2.10``."""
    return _DIGITS.sub(_pad, name)


def _pad(number: re.Match[bytes]) -> bytes:
    return number[0].rjust(_MOST_DIGITS, b"0")


def _find_unprintable(text: str) -> str | None:
    """The first character that is not shown as itself, or None; of the blanks only the usual one is."""
    return next((char for char in text if char != " " and unicodedata.category(char) in _UNPRINTABLE), None)


def _longest(text: str) -> int:
    """Length of the text or of its key, which folding can make longer; columns must hold both."""
    return max(len(text), len(name_key(text)))
