"""Pictures that a notebook holds, each at an address of its own: no page of ours may hold them as data."""

from kallithea.cache.stores import Store
from kallithea.cache.turns import take_turn
from kallithea.core.errors import NotFoundError
from kallithea.core.words import _
from kallithea.render.budget import UnreadableError
from kallithea.render.document import Form, find_form
from kallithea.render.notebook import parse_notebook
from kallithea.render.text import decode, one_line
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import TreeEntry
from kallithea.web.budget import charge
from kallithea.web.pages import Cost
from kallithea.web.request import Request

_FORMAT = 1
_WAIT_SECONDS = 5.0


def find_output(request: Request) -> tuple[int, int] | None:
    """The numbers of a cell and of its output that the address names, None where it names none."""
    if "cell" in request.query and "output" in request.query:
        return request.page_number("cell"), request.page_number("output")
    return None


def read_output(
    request: Request, repository: Repository, found: Revision, entry: TreeEntry, asked: tuple[int, int]
) -> tuple[str, bytes]:
    """The media type and the bytes of a picture.

    All of a notebook are found at once and kept, since a browser asks for one after the other. That costs visitors
    more than the page itself, also where there is no such picture. Raises NotFoundError, ThrottledError.
    """
    application, object_id = request.application, entry.object_id or ""
    store = application.caches.large
    stored = _find(store, object_id, asked)
    if stored is None:
        name = one_line(entry.name, application.settings.default_encoding)
        form = find_form(name)
        # an object is no notebook by itself, and its pictures may be kept
        if form is None or not form.has_pictures or (entry.size or 0) > form.limit:
            raise _absent()
        turn = f"outputs:{object_id}"
        with take_turn(application.caches.turns, turn, wait_seconds=_WAIT_SECONDS):
            stored = _find(store, object_id, asked)
            if stored is None:
                charge(request, Cost.HISTORY)
                stored = _read_all(request, repository, found, entry, form).get(asked)
    if stored is None:
        raise _absent()
    kind, __, data = stored.partition(b"\n")
    return kind.decode("ascii"), data


def _read_all(
    request: Request, repository: Repository, found: Revision, entry: TreeEntry, form: Form
) -> dict[tuple[int, int], bytes]:
    application = request.application
    blob = repository.blob(found.commit_id, found.path, limit=form.limit)
    try:
        notebook = parse_notebook(decode(blob.data, application.settings.default_encoding))
    except UnreadableError as problem:
        raise _absent() from problem
    pictures = dict[tuple[int, int], bytes]()
    for cell, output, picture in notebook.pictures():
        kind, data = picture.read()
        if kind:
            pictures[cell, output] = kind.encode("ascii") + b"\n" + data
            application.caches.large.put(_key(entry.object_id or "", (cell, output)), pictures[cell, output])
    return pictures


def _find(store: Store, object_id: str, asked: tuple[int, int]) -> bytes | None:
    return store.get(_key(object_id, asked))


def _key(object_id: str, asked: tuple[int, int]) -> str:
    return f"output:{_FORMAT}:{object_id}:{asked[0]}:{asked[1]}"


def _absent() -> NotFoundError:
    return NotFoundError(_("There is no such picture."))
