"""What lies near to what an address names in a repository, where that is not there: for the page that says so."""

import contextlib
import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from kallithea.core.errors import KallitheaError
from kallithea.render.text import short_line
from kallithea.services.folders import read_folder
from kallithea.services.revisions import Revision, is_full_id
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, PathNotFoundError, RevisionNotFoundError, VcsError
from kallithea.web.contents import all_refs, find
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.request import Request
from kallithea.web.ui.commits import short_id
from kallithea.web.ui.trees import PathPart

# Of a deeper path only the folders at its beginning are looked at, of a longer name nothing is like it.
_MOST_FOLDERS = 40
_LONGEST_NAME = 100
# Names that are compared, and that are offered.
_MOST_NAMES = 1_000
_OFFERED = 3


@dataclass(frozen=True, slots=True)
class Nearby:
    """``asked`` is what is not there, ``revision`` where it was looked for, if that exists.

    ``folder`` is the lowest folder of its path that exists, ``close`` are names like the one that does not.
    """

    asked: str = ""
    revision: str = ""
    folder: PathPart | None = None
    close: tuple[PathPart, ...] = ()


def find_nearby(problem: Exception, context: RepositoryContext, request: Request) -> Nearby | None:
    """What lies near to what a page of a repository did not find; None for other problems.

    Whatever goes wrong meanwhile, the first problem is the one to tell.
    """
    nearby = None
    with contextlib.suppress(VcsError, KallitheaError, OSError):
        if isinstance(problem, PathNotFoundError):
            with open_repository(context, request) as repository:
                nearby = _near_path(context, request, repository)
        elif isinstance(problem, RevisionNotFoundError) and (context.rest or request.query_bytes("at")):
            with open_repository(context, request) as repository:
                nearby = _near_revision(context, request, repository)
    return nearby


def _near_path(context: RepositoryContext, request: Request, repository: Repository) -> Nearby | None:
    found = find(context, request, repository)
    segments = found.path.split(b"/")[:_MOST_FOLDERS] if found.path else []
    if not segments:
        return None
    encodings, links = request.application.settings.default_encoding, request.links
    revision = found.ref.name if found.ref is not None else short_id(found.commit_id, context.repository.kind).encode()
    folder = _lowest_folder(repository, found, segments)
    missing = segments[folder.count(b"/") + 1 if folder else 0]
    entries = read_folder(request.application.caches.small, repository, found.commit_id, folder, sized=False).entries
    address = links.maker("files", context.path, found.commit_id, found.at)
    before = folder + b"/" if folder else b""
    close = [before + name for name in _find_close([missing], (entry.name for entry in entries))]
    return Nearby(
        short_line(found.path, encodings),
        short_line(revision, encodings),
        PathPart(f"{short_line(folder, encodings)}/", address(folder)) if folder else None,
        tuple(PathPart(short_line(path, encodings), address(path)) for path in close),
    )


def _lowest_folder(repository: Repository, found: Revision, segments: list[bytes]) -> bytes:
    folder = b""
    with contextlib.suppress(PathNotFoundError):
        for count in range(1, len(segments)):
            path = b"/".join(segments[:count])
            if repository.entry(found.commit_id, path).kind is not EntryKind.FOLDER:
                break
            folder = path
    return folder


def _near_revision(context: RepositoryContext, request: Request, repository: Repository) -> Nearby:
    encodings, at = request.application.settings.default_encoding, request.query_bytes("at")
    # names of refs contain slashes, and paths follow them
    parts = at.split(b"/") if at is not None else context.rest[:_MOST_FOLDERS]
    wanted = [b"/".join(parts[:count]) for count in range(1, len(parts) + 1)]
    asked = at if at is not None else parts[0]
    if is_full_id(asked):
        return Nearby(short_line(asked, encodings))
    refs = all_refs(context, request, repository)
    known = {ref.name: ref for ref in (*refs.bookmarks, *refs.branches, *refs.tags)}
    return Nearby(
        short_line(asked, encodings),
        close=tuple(
            PathPart(short_line(name, encodings), request.links.files(context.path, known[name].commit_id, at=name))
            for name in _find_close(wanted, known)
        ),
    )


def _find_close(wanted: Iterable[bytes], names: Iterable[bytes]) -> list[bytes]:
    """The names that are most like one of those that were wanted, whatever their case."""
    folded: dict[str, bytes] = {}
    for name, __ in zip(names, range(_MOST_NAMES), strict=False):
        folded.setdefault(_fold(name), name)
    found = [
        close
        for name in wanted
        if len(name) <= _LONGEST_NAME
        for close in difflib.get_close_matches(_fold(name), folded, n=_OFFERED, cutoff=0.7)
    ]
    return [folded[name] for name in dict.fromkeys(found)][:_OFFERED]


def _fold(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape").casefold()
