"""Which paths can be those of files, and at which of them the site writes files.

Both kinds have the same rule for writing, because a history may be converted. What a client would take for its own
folder, on any of its file systems, is refused: names are compared as HFS+ and NTFS do (git's ``core.protectHFS`` and
``core.protectNTFS``), and a backslash separates names as a slash does.
"""

import re
import unicodedata

from kallithea.core.words import _, _n

MOST_BYTES = 4095
MOST_BYTES_OF_NAME = 255

# Code points that HFS+ leaves out when it compares names: U+200C to 200F, 202A to 202E, 206A to 206F, FEFF.
_IGNORED = re.compile(rb"\xe2\x80[\x8c-\x8f\xaa-\xae]|\xe2\x81[\xaa-\xaf]|\xef\xbb\xbf")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")
_DOTS_AND_BLANKS = re.compile(rb"[. ]+")
# The second names that NTFS gives to .git, .hg and .gitmodules, .hgsub, .hgsubstate.
_SHORT_NAME = re.compile(rb"(?:git|hg|hg8b6c)~[0-9]+")
_SHORT_NAME_OF_RESERVED = re.compile(rb"(?:gitmod|hgsub|hgsubs|(?:g(?:i(?:7(?:e(?:b(?:a)?)?)?)?)?)?)~[0-9]+")
_OWN_FOLDERS = (b".git", b".hg")
_RESERVED = (b".gitmodules", b".hgsub", b".hgsubstate")


def is_plain(path: bytes) -> bool:
    """Whether a file can be at this path. Git would take others for paths of the file system and tidy them up."""
    return b"\0" not in path and not any(name in (b"", b".", b"..") for name in path.split(b"/"))


def find_path_problem(path: bytes) -> str | None:
    """Why no file may be written at this path, as words, or None. Deleting is always allowed."""
    if len(path) > MOST_BYTES:
        return _n(
            "a path must not be longer than %(count)s byte",
            "a path must not be longer than %(count)s bytes",
            MOST_BYTES,
        )
    if _CONTROL.search(path):
        return _("a path must not contain control characters")
    names = path.split(b"/")
    if not all(names):
        return _("a path must not be empty, begin or end with a slash, or have two slashes in a row")
    if any(len(name) > MOST_BYTES_OF_NAME for name in names):
        return _n(
            "a name must not be longer than %(count)s byte",
            "a name must not be longer than %(count)s bytes",
            MOST_BYTES_OF_NAME,
        )
    problems = (_find_name_problem(part) for name in names for part in name.split(b"\\"))
    return next(filter(None, problems), None)


def fold_path(path: bytes) -> tuple[bytes, ...]:
    """The names of a path as file systems that fold names compare them: what is equal can be one file of a clone."""
    return tuple(_fold_name(name) for name in re.split(rb"[/\\]", path))


def _fold_name(name: bytes) -> bytes:
    text = _seen(name).decode("utf-8", "surrogateescape")
    # once more, since folding takes some letters apart
    for _round in range(2):
        text = unicodedata.normalize("NFC", text).casefold()
    return text.encode("utf-8", "surrogateescape")


def _seen(name: bytes) -> bytes:
    """What is left of a name on HFS+ and NTFS."""
    return _IGNORED.sub(b"", name).partition(b":")[0].rstrip(b". ")


def _find_name_problem(name: bytes) -> str | None:
    if _DOTS_AND_BLANKS.fullmatch(name):
        return _("a name must not consist of dots and blanks only")
    seen = _seen(name).lower()
    if seen in _OWN_FOLDERS or _SHORT_NAME.fullmatch(seen):
        return _("Git or Mercurial would take this name for its own folder")
    if seen in _RESERVED or _SHORT_NAME_OF_RESERVED.fullmatch(seen):
        return _("what pins other repositories (.gitmodules, .hgsub, .hgsubstate) is changed by a push only")
    return None
