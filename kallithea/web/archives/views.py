"""A commit in one file: ``/<repository>/archive/<revision>.<format>``, with ``?path=`` a folder of it."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from wsgiref.util import FileWrapper

from kallithea.cache.file_store import StoredFile
from kallithea.core.errors import ForbiddenError, NotFoundError
from kallithea.core.words import _
from kallithea.services.archives import archive_key, make_archive
from kallithea.services.raw_files import RawContent
from kallithea.services.revisions import is_full_id
from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.vcs.types import RevisionNotFoundError
from kallithea.web.answers import Response
from kallithea.web.contents import find
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import (
    Body,
    Part,
    content_disposition,
    fill,
    let_front_send,
    make_tag,
    open_repository,
)
from kallithea.web.freshness import has_page, unchanged
from kallithea.web.paths import Segments
from kallithea.web.request import Request
from kallithea.web.ui.archive_menu import archive_file_name, archive_name

_CHUNK = 1 << 16
_TYPES = {
    ArchiveFormat.ZIP: "application/zip",
    ArchiveFormat.TAR: "application/x-tar",
    ArchiveFormat.TAR_GZ: "application/gzip",
    ArchiveFormat.TAR_BZ2: "application/x-bzip2",
    ArchiveFormat.TAR_ZST: "application/zstd",
}


def send_archive(context: RepositoryContext, request: Request) -> Response:
    """The archive, unless the browser has it. Raises ForbiddenError where there are none of this repository."""
    if not context.repository.downloads:
        raise ForbiddenError(_("There are no archives of this repository: its settings say so. It can be cloned."))
    revision, kind = parse_file_name(context.rest)
    if len(revision) == 1 and is_full_id(revision[0]):
        tag = _make_tag(context, _make_order(context, request, revision[0].decode(), kind))
        if has_page(request, tag):
            return unchanged(tag)
    with open_repository(context, request) as repository:
        found = find(replace(context, rest=revision), request, repository)
        if found.path:
            raise RevisionNotFoundError(_("There is no such revision."))
        order = _make_order(context, request, found.commit_id, kind)
        if has_page(request, _make_tag(context, order), exists=True):
            return unchanged(_make_tag(context, order))
        store, limit = request.application.caches.archives, request.application.settings.archive_size_limit
        stored = make_archive(store, context.repository.repository_id, repository, order, limit=limit)
    return _send(context, request, order, stored)


def parse_file_name(segments: Segments) -> tuple[Segments, ArchiveFormat]:
    """The revision that an address names, in segments, and the format. Raises NotFoundError."""
    name = b"/".join(segments)
    for kind in ArchiveFormat:
        ending = b"." + kind.encode()
        if name.endswith(ending) and name != ending:
            return tuple(name.removesuffix(ending).split(b"/")), kind
    raise NotFoundError(_("There are archives in other formats only."))


def _make_order(context: RepositoryContext, request: Request, commit_id: str, kind: ArchiveFormat) -> ArchiveOrder:
    folder = (request.query_bytes("path") or b"").strip(b"/")
    return ArchiveOrder(commit_id, folder, archive_name(context.name, commit_id).encode(), kind)


def _make_tag(context: RepositoryContext, order: ArchiveOrder) -> str:
    return make_tag(archive_key(context.repository.repository_id, order))


def _send(context: RepositoryContext, request: Request, order: ArchiveOrder, stored: StoredFile) -> Response:
    name = content_disposition(archive_file_name(order))
    response = Response(headerlist=[("Content-Type", _TYPES[order.format]), ("Content-Disposition", name)])
    with contextlib.ExitStack() as resources:
        resources.callback(stored.close)

        def pieces(part: Part) -> Iterable[bytes]:
            if part.start + part.size < stored.size:
                return Body(RawContent(stored.size, stored.open()).chunks(part.start, part.size), resources.pop_all())
            resources.pop_all()
            # What goes on to the end of the file, servers can have the system send.
            wrapper = request.environ.get("wsgi.file_wrapper", FileWrapper)
            wrapped: Iterable[bytes] = wrapper(stored.open(part.start), _CHUNK)
            return wrapped

        tag = _make_tag(context, order)
        if let_front_send(response, request, tag, stored):
            return response
        return fill(response, request, tag, stored.size, pieces)
