"""The part of a page that shows a diff, kept under what it was made from: making it takes most of the page's time."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape
from pyramid.renderers import render

from kallithea.cache.stores import Store
from kallithea.core.errors import message_of
from kallithea.core.words import _, _n, pack, unpack
from kallithea.services.diffs import FILES_ON_PAGE
from kallithea.vcs.diff import Diff
from kallithea.vcs.types import BusyError, LimitExceededError, TooLargeError
from kallithea.web.request import Request
from kallithea.web.ui.diff_files import DiffPlace, FileMaker, FileView

_FORMAT = 7

# Nothing else in a page is a comment.
_PLACE = Markup("<!--diff-->")


@dataclass(frozen=True, slots=True)
class FolderOfChanges:
    """Changed files of one folder, for the column beside the diff."""

    name: str
    files: tuple[FileView, ...]


@dataclass(frozen=True, slots=True)
class DiffFiles:
    """What the block is made from: the files of this page, and of their folders."""

    files: tuple[FileView, ...]
    folders: tuple[FolderOfChanges, ...]


@dataclass(frozen=True, slots=True)
class DiffBlock:
    """A diff as a page shows it: ``files`` of this page of ``total``, the lines of all where they were counted.

    ``notes`` say what is left out and why; ``tree`` and ``menu`` are the names of the files. The files themselves,
    ``html``, may be megabytes: they are put in at ``place`` when the rest of the page has been made. ``problem`` says
    why there are no files, not even their names: to find them would exceed a limit; ``too_large``: one of size, so that
    more time does not help.
    """

    files: int
    total: int
    added: int | None
    deleted: int | None
    notes: tuple[str, ...]
    menu: Markup
    tree: Markup
    html: bytes
    problem: str = ""
    too_large: bool = False
    place: Markup = _PLACE

    @property
    def lacks_counts(self) -> bool:
        """Whether lines were not counted, for lack of time."""
        return self.added is None


def make_block(
    request: Request, place: DiffPlace, key: Sequence[object], page: int, read: Callable[[], Diff]
) -> DiffBlock:
    """The block of a page of the diff that ``read`` reads; ``key`` names that diff, whatever happens meanwhile.

    Where ``read`` exceeds a limit, the block says so, and the page is marked as incomplete.
    """
    store: Store = request.application.caches.large
    language = request.reader.language.tag
    named = (_FORMAT, request.registry.version, language, request.links.prefix, place.view, page, *key)
    name = f"diff:{hashlib.blake2b(repr(named).encode(), digest_size=20).hexdigest()}"
    stored = store.get(name)
    try:
        block = _parse(stored) if stored is not None else _make(request, place, page, read())
    except (LimitExceededError, BusyError) as problem:
        request.incomplete = True
        lasting = isinstance(problem, TooLargeError)
        return DiffBlock(0, 0, None, None, (), Markup(), Markup(), b"", message_of(problem), lasting)
    if stored is None and page == 1 and not block.lacks_counts:
        store.put(name, _dump(block))
    request.add_response_callback(lambda _, response: _insert(response, block.html))
    return block


def _insert(response: Any, html: bytes) -> None:
    response.body = response.body.replace(_PLACE.encode(), html, 1)


def _make(request: Request, place: DiffPlace, page: int, diff: Diff) -> DiffBlock:
    maker = FileMaker(place, request.application.settings.default_encoding, request.reader)
    bodies = {(body.change.path, body.change.old_path): body for body in diff.files}
    first = (page - 1) * FILES_ON_PAGE + 1
    files = tuple(
        maker.make(change, bodies.get((change.path, change.old_path)), f"f{number_of_file}")
        for number_of_file, change in enumerate(diff.changes.files, first)
    )
    view = DiffFiles(files, _group(files))
    return DiffBlock(
        len(files),
        diff.changes.total,
        diff.changes.added,
        diff.changes.deleted,
        tuple(_notes(diff, maker.colourless)),
        _make_menu(files),
        Markup(render("ui/diff_tree.mako", view, request=request)),  # noqa: S704 - from a template
        render("ui/diff_files.mako", view, request=request).encode(),
    )


def _make_menu(files: Sequence[FileView]) -> Markup:
    # not formatted by Markup, which takes twenty times as long
    links = [f'<a href="#{escape(file.anchor)}"><span class="clip">{escape(file.path)}</span></a>' for file in files]
    return Markup("".join(links))  # noqa: S704 - escaped


def _notes(diff: Diff, colourless: bool) -> list[str]:
    notes: list[str] = []
    left = len(diff.changes.files) - len(diff.files)
    if left:
        notes.append(
            _n(
                "%(count)s file not shown at once, to keep the page fast.",
                "%(count)s files not shown at once, to keep the page fast.",
                left,
            )
        )
    if diff.changes.renames_limited:
        notes.append(_("So many files were added and deleted that renames among them were not looked for."))
    if colourless:
        notes.append(_("Some files have no colours, to keep the page fast."))
    return notes


def _group(files: Sequence[FileView]) -> tuple[FolderOfChanges, ...]:
    folders: dict[str, list[FileView]] = {}
    for file in files:
        folders.setdefault(file.folder.rstrip("/"), []).append(file)
    return tuple(FolderOfChanges(name, tuple(found)) for name, found in sorted(folders.items(), key=lambda x: not x[0]))


def _dump(block: DiffBlock) -> bytes:
    menu, tree = block.menu.encode(), block.tree.encode()
    notes = [pack(note) for note in block.notes]
    head = [block.files, block.total, block.added, block.deleted, notes, len(menu), len(tree)]
    return b"".join([json.dumps(head).encode(), b"\n", menu, tree, block.html])


def _parse(stored: bytes) -> DiffBlock:
    head, __, text = stored.partition(b"\n")
    files, total, added, deleted, notes, menu_size, tree_size = json.loads(head)
    cut = menu_size + tree_size
    menu, tree = (Markup(part.decode()) for part in (text[:menu_size], text[menu_size:cut]))  # noqa: S704 - ours
    return DiffBlock(files, total, added, deleted, tuple(map(unpack, notes)), menu, tree, text[cut:])
