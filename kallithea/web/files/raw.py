"""The bytes of a file: to look at, in a form that no browser runs, or to keep."""

import contextlib
import functools
from collections.abc import Sequence

from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.render.pictures import find_picture_type
from kallithea.render.text import encoding_of
from kallithea.services.raw_files import HEAD, open_raw, require_size
from kallithea.services.revisions import Revision, is_full_id
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import EntryKind, is_binary
from kallithea.web.answers import Response
from kallithea.web.budget import charge
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
from kallithea.web.files.outputs import find_output, read_output
from kallithea.web.freshness import has_page, unchanged
from kallithea.web.headers import RAW_POLICY
from kallithea.web.pages import Cost
from kallithea.web.request import Request

# A year, which is as long as browsers keep anything. Not for proxies: what becomes private must not come from there.
_FOREVER = "private, max-age=31536000, immutable"


def show_raw(context: RepositoryContext, request: Request) -> Response:
    """The file as plain text, or as a picture; what is neither is to keep."""
    return _answer(context, request, keep=False)


def download_raw(context: RepositoryContext, request: Request) -> Response:
    """The file to keep."""
    return _answer(context, request, keep=True)


def _answer(context: RepositoryContext, request: Request, *, keep: bool) -> Response:
    """The file, unless the browser has it: what an address with a full commit id leads to never changes."""
    fixed_tag, output = None, None if keep else find_output(request)
    if context.rest and is_full_id(context.rest[0]):
        fixed_tag = make_tag(context.repository.repository_id, context.rest, output)
        if has_page(request, fixed_tag):
            return _cached(_unchanged(fixed_tag), request)
    with contextlib.ExitStack() as resources:
        repository = resources.enter_context(open_repository(context, request))
        found = find(context, request, repository)
        if fixed_tag is not None and found.commit_id.encode() != context.rest[0]:
            # A branch may be called like an id.
            fixed_tag = None
        if output is not None:
            response = _send_output(request, repository, found, fixed_tag, output)
        else:
            response = _send(context, request, repository, found, resources, fixed_tag, keep=keep)
    return response if fixed_tag is None else _cached(response, request)


def _send_output(
    request: Request, repository: Repository, found: Revision, fixed_tag: str | None, output: tuple[int, int]
) -> Response:
    """A picture that a notebook holds."""
    entry = repository.entry(found.commit_id, found.path)
    tag = fixed_tag or make_tag(entry.object_id, output)
    if has_page(request, tag, exists=True):
        return _unchanged(tag)
    kind, data = read_output(request, repository, found, entry, output)
    response = Response(headerlist=[("Content-Type", kind)])
    return fill(response, request, tag, len(data), lambda part: (data[part.start : part.start + part.size],))


def _send(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    found: Revision,
    resources: contextlib.ExitStack,
    fixed_tag: str | None,
    *,
    keep: bool,
) -> Response:
    """An answer that reads the file while it is sent, and then frees the resources."""
    application = request.application
    entry = repository.entry(found.commit_id, found.path)
    if entry.kind in (EntryKind.FOLDER, EntryKind.SUBREPOSITORY):
        raise NotFoundError(_("This is no file."))
    tag = fixed_tag or make_tag(entry.object_id)
    if has_page(request, tag, exists=True):
        return _unchanged(tag)
    require_size(entry, application.settings.raw_size_limit)
    store, repository_id = application.caches.archives, context.repository.repository_id
    whole = "HTTP_RANGE" not in request.environ
    dear = functools.partial(charge, request, Cost.HEAVY)
    content = resources.enter_context(
        open_raw(
            store,
            application.vcs_options,
            repository_id,
            repository,
            found.commit_id,
            entry,
            whole=whole,
            before_reading=dear,
        )
    )
    encodings = application.settings.default_encoding
    kind = "application/octet-stream" if keep else _find_type(content.head, entry.name, encodings)
    response = Response(headerlist=[("Content-Type", kind)])
    if kind == "application/octet-stream":
        response.headers["Content-Disposition"] = content_disposition(entry.name)
        if content.stored is not None and let_front_send(response, request, tag, content.stored):
            return response

    def pieces(part: Part) -> Body:
        return Body(content.chunks(part.start, part.size), resources.pop_all())

    return fill(response, request, tag, content.size, pieces)


def _unchanged(tag: str) -> Response:
    """The answer to a browser that has the content, which takes the policy over for it."""
    return unchanged(tag, {"Content-Security-Policy": RAW_POLICY})


def _find_type(head: bytes, name: bytes, encodings: Sequence[str]) -> str:
    """The Content-Type of what is called and begins so. What is sent with it runs nothing: see ``RAW_POLICY``."""
    picture = find_picture_type(head, name)
    if picture is not None:
        return picture
    if is_binary(head):
        return "application/octet-stream"
    return f"text/plain; charset={encoding_of(head[:-8] if len(head) == HEAD else head, encodings)}"


def _cached(response: Response, request: Request) -> Response:
    """Let browsers keep what visitors may read as well; others have to ask whether they still may."""
    if not request.visitor.signed_in:
        response.headers["Cache-Control"] = _FOREVER
    return response
