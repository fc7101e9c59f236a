"""Which requests belong to git and hg clients: decided from the address alone, before the web framework sees it."""

import enum
import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


class GitService(enum.StrEnum):
    """The two conversations of git's smart protocol; the values are those of its addresses."""

    UPLOAD = "git-upload-pack"
    RECEIVE = "git-receive-pack"


@dataclass(frozen=True, slots=True)
class GitAdvertisement:
    """A client asks which refs there are, in order to fetch or to push. ``repository`` is the path in the address."""

    repository: str
    service: GitService


@dataclass(frozen=True, slots=True)
class GitExchange:
    """A client fetches or pushes."""

    repository: str
    service: GitService


@dataclass(frozen=True, slots=True)
class GitFile:
    """A client reads the files of a repository one by one, as git did before 2010."""

    repository: str


@dataclass(frozen=True, slots=True)
class LargeFiles:
    """A Git LFS client speaks to its server, whichever repository it means."""


@dataclass(frozen=True, slots=True)
class HgCommand:
    """One command of Mercurial's wire protocol; empty where the address names none."""

    repository: str
    command: bytes


WireRequest: TypeAlias = GitAdvertisement | GitExchange | GitFile | LargeFiles | HgCommand

_EXCHANGE = re.compile(r"/(git-upload-pack|git-receive-pack)$")
_ADVERTISEMENT = "/info/refs"
_OBJECTS = r"info/(packs|alternates|http-alternates)|[0-9a-f]{2}/[0-9a-f]{38,62}|pack/pack-[^/]*"
_FILE = re.compile(rf"/(HEAD|info/refs|objects/({_OBJECTS}))$")
_LARGE_FILES = re.compile(r"/info/lfs(/|$)")
_MOST_FIELDS = 1000
_LONG_COMMANDS = frozenset({b"get_cached_bundle_inline", b"getbundle", b"stream_out", b"unbundle"})


def find_wire_request(environ: Mapping[str, Any]) -> WireRequest | None:
    """What a git or hg client wants, or None where the request is one for a page.

    Raises ValueError when the query string cannot be read.
    """
    path = decode_path(environ.get("PATH_INFO", ""))
    query = _parse_query(environ.get("QUERY_STRING", ""))
    if "cmd" in query or environ.get("HTTP_ACCEPT", "").startswith("application/mercurial"):
        return HgCommand(_repository(path, ".hg"), query.get("cmd", "").encode("latin-1", "replace"))
    return _find_git_request(environ, path, query)


def may_last(request: WireRequest, environ: Mapping[str, Any]) -> bool:
    """Whether the answer, or the request itself, can be of any length.

    In the first versions of git's protocol all refs are told at once.
    """
    match request:
        case GitExchange():
            return True
        case GitAdvertisement():
            return "version=2" not in environ.get("HTTP_GIT_PROTOCOL", "")
        case HgCommand(command=command):
            return command in _LONG_COMMANDS or environ["REQUEST_METHOD"] == "POST"
        case _:
            return False


def decode_path(path_info: str) -> str:
    """``PATH_INFO`` as text. The bytes that it stands for need not be UTF-8: then it names nothing that exists."""
    return path_info.encode("latin-1").decode("utf-8", "surrogateescape")


def _find_git_request(environ: Mapping[str, Any], path: str, query: Mapping[str, str]) -> WireRequest | None:
    exchange = _EXCHANGE.search(path)
    if exchange and environ["REQUEST_METHOD"] == "POST":
        return GitExchange(_repository(path[: exchange.start()], ".git"), GitService(exchange[1]))
    if _LARGE_FILES.search(path) and _speaks_lfs(environ):
        return LargeFiles()
    if path.endswith(_ADVERTISEMENT) and query.get("service", "").startswith("git-"):
        repository = _repository(path.removesuffix(_ADVERTISEMENT), ".git")
        if query["service"] in tuple(GitService):
            return GitAdvertisement(repository, GitService(query["service"]))
        return GitFile(repository)
    # Files in repositories can have such names, so only git itself is understood to mean its own.
    file = _FILE.search(path) if environ.get("HTTP_USER_AGENT", "").startswith("git/") else None
    return GitFile(_repository(path[: file.start()], ".git")) if file else None


def _speaks_lfs(environ: Mapping[str, Any]) -> bool:
    """Whether a request is of a Git LFS client. Its locks are asked for with ``Accept``, all else is posted."""
    kinds = (environ.get("HTTP_ACCEPT", ""), environ.get("CONTENT_TYPE", ""))
    return environ["REQUEST_METHOD"] not in ("GET", "HEAD") or any("git-lfs" in kind for kind in kinds)


def _repository(path: str, suffix: str) -> str:
    return path.removeprefix("/").removesuffix("/").removesuffix(suffix)


def _parse_query(query: str) -> dict[str, str]:
    fields = urllib.parse.parse_qsl(query, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS)
    return dict(fields)
