"""Finding a file of a commit by letters of its path: a form, and the names for a script that finds while one types."""

import gzip
from dataclasses import dataclass

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _, _n
from kallithea.render.text import field_value
from kallithea.services.file_names import MOST_NAMES, find_names, read_names, unpack_names
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import find, open_contents
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import make_tag, open_repository
from kallithea.web.files.position import Position, make_position
from kallithea.web.freshness import has_page, unchanged
from kallithea.web.headers import RAW_POLICY
from kallithea.web.request import Request
from kallithea.web.ui.trees import PathPart
from kallithea.web.variants import takes_gzip

#: Files that are shown of all that are found.
SHOWN = 50

_HEADERS = {"Vary": "Cookie, Accept-Encoding", "Content-Security-Policy": RAW_POLICY}


@dataclass(frozen=True, slots=True)
class FindPage:
    """The form with what was ``wanted``, and the best files that fit it.

    A script gets the names from ``names_address``; the address of a file is ``address_before``, its path, and
    ``address_after``. ``words`` say what was looked among, ``best_words`` that more files fit than are shown,
    if there are ``more``.
    """

    position: Position
    address: str
    at: str
    wanted: str
    found: tuple[PathPart, ...]
    words: str
    best_words: str
    more: bool
    names_address: str
    address_before: str
    address_after: str


def show_find(context: RepositoryContext, request: Request) -> FindPage | Response:
    """The form, and its answer for browsers without scripts; an empty repository has only its first page."""
    with open_contents(context, request) as repository:
        if not context.rest and repository.is_empty():
            return redirect(request.links.repository(context.path))
        found = _find_commit(context, request, repository)
        position = make_position(context, request, repository, found)
        wanted = request.query_text("q")
        lines = unpack_names(_read(request, repository, found)) if wanted else []
        fitting = find_names(lines, wanted, most=SHOWN + 1)
    links = request.links
    address = links.maker("files", context.path, found.commit_id, found.at)
    before, mark, after = address(b"").partition("?")
    return FindPage(
        position,
        links.files_find(context.path, found.commit_id),
        field_value(found.at or b""),
        wanted,
        tuple(PathPart(name.text, address(name.path)) for name in fitting[:SHOWN]),
        _count(len(lines)) if wanted else "",
        _("The best %(shown)s are shown: more letters find fewer.", shown=SHOWN),
        len(fitting) > SHOWN,
        links.files_names(context.path, found.commit_id),
        f"{before}/",
        mark + after,
    )


def show_names(context: RepositoryContext, request: Request) -> Response:
    """The names of a commit's files as ``services.file_names`` describes them."""
    with open_repository(context, request) as repository:
        found = _find_commit(context, request, repository)
        encodings = request.application.settings.default_encoding
        # the same for both variants, so it promises no equal bytes
        tag = f"W/{make_tag(found.commit_id, encodings)}"
        if has_page(request, tag, exists=True):
            return unchanged(tag, _HEADERS)
        names = _read(request, repository, found)
    packed = takes_gzip(request.environ)
    response = Response(names if packed else gzip.decompress(names), content_type="text/plain", charset="utf-8")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers.update({"ETag": tag, **_HEADERS})
    return response


def _find_commit(context: RepositoryContext, request: Request, repository: Repository) -> Revision:
    found = find(context, request, repository)
    if found.path:
        raise NotFoundError(_("There is no such page."))
    return found


def _read(request: Request, repository: Repository, found: Revision) -> bytes:
    application = request.application
    return read_names(application.caches.large, repository, found.commit_id, application.settings.default_encoding)


def _count(names: int) -> str:
    if names == MOST_NAMES:
        return _("Among the first %(count)s files.", count=names)
    return _n("Among %(count)s file.", "Among %(count)s files.", names)
