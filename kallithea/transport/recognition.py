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
_FILE = re.compile(r"/objects/(info/(packs|alternates|http-alternates)|[0-9a-f]{2}/[0-9a-f]{38,62}|pack/pack-[^/]*)$")
# These could also be the names of repositories, so only git itself is understood to mean the files.
_FILE_IF_GIT = re.compile(r"/(HEAD|info/refs)$")
_LARGE_FILES = re.compile(r"/info/lfs(/|$)")
_MOST_FIELDS = 1000


def find_wire_request(environ: Mapping[str, Any]) -> WireRequest | None:
    """What a git or hg client wants, or None where the request is one for a page.

    Raises ValueError when the query string cannot be read.
    """
    path = decode_path(environ.get("PATH_INFO", ""))
    query = _parse_query(environ.get("QUERY_STRING", ""))
    if "cmd" in query or environ.get("HTTP_ACCEPT", "").startswith("application/mercurial"):
        return HgCommand(_repository(path, ".hg"), query.get("cmd", "").encode("latin-1", "replace"))
    return _find_git_request(environ, path, query)


def decode_path(path_info: str) -> str:
    """``PATH_INFO`` as text. The bytes that it stands for need not be UTF-8: then it names nothing that exists."""
    return path_info.encode("latin-1").decode("utf-8", "surrogateescape")


def _find_git_request(environ: Mapping[str, Any], path: str, query: Mapping[str, str]) -> WireRequest | None:
    exchange = _EXCHANGE.search(path)
    if exchange and environ["REQUEST_METHOD"] == "POST":
        return GitExchange(_repository(path[: exchange.start()], ".git"), GitService(exchange[1]))
    if _LARGE_FILES.search(path):
        return LargeFiles()
    if path.endswith(_ADVERTISEMENT) and query.get("service", "").startswith("git-"):
        repository = _repository(path.removesuffix(_ADVERTISEMENT), ".git")
        if query["service"] in tuple(GitService):
            return GitAdvertisement(repository, GitService(query["service"]))
        return GitFile(repository)
    file = _FILE.search(path)
    if file is None and environ.get("HTTP_USER_AGENT", "").startswith("git/"):
        file = _FILE_IF_GIT.search(path)
    return GitFile(_repository(path[: file.start()], ".git")) if file else None


def _repository(path: str, suffix: str) -> str:
    return path.removeprefix("/").removesuffix("/").removesuffix(suffix)


def _parse_query(query: str) -> dict[str, str]:
    fields = urllib.parse.parse_qsl(query, keep_blank_values=True, encoding="latin-1", max_num_fields=_MOST_FIELDS)
    return dict(fields)
