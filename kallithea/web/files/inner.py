"""A repository inside another one: at which commit it is pinned, and where it comes from."""

import posixpath
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from kallithea.core.errors import NotFoundError
from kallithea.render.text import one_line
from kallithea.services.revisions import Revision, is_full_id
from kallithea.vcs.backend import Repository
from kallithea.vcs.inner_sources import GITMODULES, HGSUB, parse_gitmodules, parse_hgsub
from kallithea.vcs.types import EntryKind, Kind, PathNotFoundError, TreeEntry, VcsError
from kallithea.web.context import RepositoryContext, load_context
from kallithea.web.paths import split_path
from kallithea.web.request import Request

# Bytes that are read of the file with the sources, and characters of one of them.
_LARGEST = 256_000
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Inner:
    """``source`` is what the commit says, empty where it says nothing; addresses are None where nothing leads there.

    ``elsewhere``: that of the source is on another site.
    """

    commit_id: str
    source: str = ""
    source_address: str | None = None
    commit_address: str | None = None
    elsewhere: bool = False


def find_inner(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, entry: TreeEntry
) -> Inner:
    """What is known of a repository inside the open one.

    It is a link where it is on this site, and the visitor may read it: absent and hidden ones are alike.
    """
    commit_id = one_line((entry.object_id or "").encode())
    source = one_line(
        _read_source(repository, found.commit_id, entry.path), request.application.settings.default_encoding
    )
    if not source or len(source) > _LONGEST:
        return Inner(commit_id)
    path = _find_path(context, request, source)
    here = _load(request, path) if path else None
    if here is not None:
        links = request.links
        commit = links.changeset(here.path, commit_id) if _has_commit(request, here, commit_id) else None
        return Inner(commit_id, source, links.repository(here.path), commit)
    if path is None and _is_link(source):
        return Inner(commit_id, source, source, elsewhere=True)
    return Inner(commit_id, source)


def _read_source(repository: Repository, commit_id: str, path: bytes) -> bytes:
    name, parse = (GITMODULES, parse_gitmodules) if repository.kind is Kind.GIT else (HGSUB, parse_hgsub)
    try:
        blob = repository.blob(commit_id, name, limit=_LARGEST)
    except PathNotFoundError:
        return b""
    return parse(blob.data).get(path, b"") if blob.kind is not EntryKind.SYMLINK else b""


def _find_path(context: RepositoryContext, request: Request, source: str) -> str | None:
    """The path on this site that a source means; None for what lies elsewhere.

    What begins with a dot is relative to the repository, as if that were a folder.
    """
    if source.startswith(("./", "../")):
        joined = posixpath.normpath(posixpath.join(context.path, source))
        return None if joined.startswith("..") else _strip(joined)
    own = urlsplit(request.links.absolute(request.links.home()))
    parts = _split(source)
    if parts is None or parts.netloc.rpartition("@")[2].lower() != own.netloc.lower():
        return None
    return _strip(unquote(parts.path.removeprefix(own.path))) if parts.path.startswith(own.path) else None


def _strip(path: str) -> str:
    """Without the endings that clients may give to any repository's address."""
    return path.strip("/").removesuffix(".git").removesuffix(".hg")


def _load(request: Request, path: str) -> RepositoryContext | None:
    # rights on another repository are part of the page now, which its tag does not know
    request.incomplete = True
    try:
        found = load_context(request.services, request.visitor.viewer, split_path(path.encode()))
    except NotFoundError:
        return None
    return found if isinstance(found, RepositoryContext) and not found.rest else None


def _has_commit(request: Request, here: RepositoryContext, commit_id: str) -> bool:
    if not is_full_id(commit_id.encode()):
        return False
    try:
        with request.services.repositories.open(here.repository) as repository:
            return bool(repository.find_commits([commit_id]))
    except VcsError:
        return False


def _is_link(source: str) -> bool:
    """Whether it is an address for browsers, and holds no password."""
    parts = _split(source)
    return parts is not None and bool(parts.netloc) and "@" not in parts.netloc


def _split(source: str) -> SplitResult | None:
    """The parts of an address for browsers."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") else None
