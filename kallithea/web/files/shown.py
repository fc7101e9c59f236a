"""What is shown of a file: the document that it is, its lines, a picture, or words that say why it is none of them."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from kallithea.core.words import _, _n
from kallithea.render.code_html import code_rows
from kallithea.render.document import Form, Rendering, find_form
from kallithea.render.highlight import find_language
from kallithea.render.outline import OutlineEntry
from kallithea.render.pictures import SVG, find_picture_type
from kallithea.render.text import encoding_of, one_line
from kallithea.services.file_texts import find_edit_problem
from kallithea.services.files import LARGEST, FileLines, read_file
from kallithea.services.revisions import Revision
from kallithea.vcs.backend import Repository
from kallithea.vcs.pointers import parse_largefile, parse_lfs_pointer
from kallithea.vcs.types import Blob, EntryKind, PathNotFoundError, TreeEntry
from kallithea.web.budget import charge
from kallithea.web.context import RepositoryContext
from kallithea.web.files.code import Code, render_code, render_later_code
from kallithea.web.pages import Cost
from kallithea.web.reader import size
from kallithea.web.request import Request
from kallithea.web.ui.documents import documents_of, too_large_for
from kallithea.web.ui.paging import Pager

#: The query of a page that shows the lines of what could be shown as a document.
SOURCE = "source"

_FILES = (EntryKind.FILE, EntryKind.EXECUTABLE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of ``document``, ``code`` and ``picture``, or none of them, and then ``words`` say why.

    ``form`` is how the document is read, also while its lines are shown instead; None for what is no document.
    ``drawn`` says the same of a picture that has lines, SVG.
    ``edit_problem`` says why it cannot be changed as text, and ``pager`` leads to lines before and after the code's.
    """

    facts: tuple[str, ...]
    document: Markup | None = None
    code: Code | None = None
    picture: bool = False
    words: str = ""
    note: str = ""
    form: Form | None = None
    drawn: bool = False
    edit_problem: str | None = None
    pager: Pager | None = None

    @property
    def two_ways(self) -> bool:
        """Whether it can be shown as its lines, and as what they mean."""
        return self.form is not None or self.drawn

    @property
    def outline(self) -> tuple[OutlineEntry, ...]:
        """The names that the lines declare; none where there is but one."""
        entries = self.code.outline if self.code is not None else ()
        return entries if len(entries) > 1 else ()


def find_form_of(entry: TreeEntry, encodings: Sequence[str]) -> Form | None:
    """How a file can be read as a document, by its name."""
    return find_form(one_line(entry.name, encodings)) if entry.kind in _FILES else None


def show_file(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, entry: TreeEntry
) -> Shown:
    """What is shown of a file or symbolic link. Raises PathNotFoundError."""
    form = find_form_of(entry, request.application.settings.default_encoding)
    if form is None:
        return _show_source(context, request, repository, found)
    if request.query.get("view") == SOURCE:
        return replace(_show_source(context, request, repository, found), form=form)
    rendering = _read_rendering(context, request, repository, found, entry, form)
    if rendering.html is None:
        shown = _show_source(context, request, repository, found)
        return replace(shown, note=rendering.note or shown.note)
    facts = (size(entry.size or 0), *_facts_of(entry.kind, entry.name, request))
    # What could be rendered is text, so its size alone decides.
    problem = find_edit_problem(Blob(entry.path, entry.kind, entry.size or 0, b"", entry.object_id or ""))
    return Shown(facts, rendering.html, note=rendering.note, form=form, edit_problem=problem)


def _read_rendering(
    context: RepositoryContext,
    request: Request,
    repository: Repository,
    found: Revision,
    entry: TreeEntry,
    form: Form,
) -> Rendering:
    """The document. A file that has been rendered before is not read again."""
    documents = documents_of(context, request, repository, found.commit_id, found.at)
    kept = documents.find(entry.path, entry.object_id or "", form)
    if kept is not None:
        return kept
    too_large = too_large_for(form, entry.size or 0)
    if too_large is not None:
        return too_large
    blob = repository.blob(found.commit_id, found.path, limit=form.limit).in_utf8()
    if blob.binary or not blob.data or _find_elsewhere(blob) is not None:
        return Rendering(None)
    return documents.render(blob, form)


def _show_source(context: RepositoryContext, request: Request, repository: Repository, found: Revision) -> Shown:
    first = request.page_number("from")
    if first > 1:
        # much more of it is read than is shown
        charge(request, Cost.HEAVY)
    limit = request.application.settings.cut_off_limit
    lines = read_file(repository, found.commit_id, found.path, limit=limit, first=first)
    problem = find_edit_problem(replace(lines.blob, data=lines.head, truncated=True) if lines.utf16 else lines.blob)
    return replace(_show_blob(context, request, repository, found, lines), edit_problem=problem)


def _show_blob(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, lines: FileLines
) -> Shown:
    blob, encodings = lines.blob, request.application.settings.default_encoding
    if blob.kind is EntryKind.SYMLINK:
        return Shown((size(blob.size), _("symbolic link")), code=_link_code(context, request, repository, found, blob))
    picture = find_picture_type(lines.head, blob.path)
    drawn = picture == SVG
    if picture is not None and not (drawn and request.query.get("view") == SOURCE):
        return Shown((size(blob.size), picture), picture=True, drawn=drawn)
    if blob.binary:
        return Shown((size(blob.size), _("binary")), words=_("Binary files are not shown."))
    elsewhere = _find_elsewhere(blob)
    if elsewhere is not None:
        return elsewhere
    if lines.first > 1:
        code = render_later_code(blob, encodings, lines.first)
    else:
        code = render_code(request.application.caches, blob, encodings)
    encoding = "utf-16" if lines.utf16 else encoding_of(blob.data, encodings)
    facts = (size(blob.size), *_facts_of(blob.kind, blob.path, request), encoding)
    return Shown(
        (*_count(lines), *facts),
        code=code,
        note=_describe_limit(lines) or code.note,
        drawn=drawn,
        pager=_make_pager(context, request, found, lines),
    )


def _describe_limit(lines: FileLines) -> str:
    """What is not shown, besides whole lines before and after these; empty where that is nothing."""
    shown = size(len(lines.blob.data))
    if lines.first == 1 and lines.blob.truncated:
        return _("Only the first %(size)s are shown here.", size=shown)
    cut = _("Only the first %(size)s of these lines are shown here.", size=shown) if lines.cut else ""
    if lines.after is not None or lines.counted:
        return cut
    end = _("Lines behind the first %(number)s MiB of a file are not shown here.", number=LARGEST >> 20)
    # Translators: two whole sentences
    return _("%(first)s %(second)s", first=cut, second=end) if cut else end


def _count(lines: FileLines) -> tuple[str, ...]:
    """How many lines the file has, as far as that is known."""
    if lines.counted:
        return (_n("%(count)s line", "%(count)s lines", lines.count),)
    return (_n("more than %(count)s line", "more than %(count)s lines", lines.count),) if lines.count else ()


def _make_pager(context: RepositoryContext, request: Request, found: Revision, lines: FileLines) -> Pager | None:
    if lines.before is None and lines.after is None:
        return None
    view = request.query.get("view") == SOURCE

    def address(first: int | None) -> str | None:
        if first is None:
            return None
        place = (context.path, found.commit_id, found.path, found.at)
        return request.links.lines(*place, first, SOURCE if view else None)

    words = (
        _("%(first)s to %(last)s of %(total)s", first=lines.first, last=lines.last, total=lines.count)
        if lines.counted
        else _("Lines %(first)s to %(last)s", first=lines.first, last=lines.last)
    )
    return Pager(words, address(lines.before), address(lines.after))


def _facts_of(kind: EntryKind, path: bytes, request: Request) -> tuple[str, ...]:
    """Language and media type by the name, and whether the file can be run."""
    name = one_line(path, request.application.settings.default_encoding)
    form, language = find_form(name), find_language(name)
    by_language = next(iter(language.mimetypes), "text/plain")
    media_type = by_language if form is None else form.media_type
    named = (language.name,) if by_language != "text/plain" else ()
    return (*named, media_type, *((_("executable"),) if kind is EntryKind.EXECUTABLE else ()))


def _link_code(
    context: RepositoryContext, request: Request, repository: Repository, found: Revision, blob: Blob
) -> Code:
    """The text of a symbolic link; it leads on where the repository has something there."""
    text = one_line(blob.data, request.application.settings.default_encoding)
    target = _find_target(repository, found.commit_id, blob)
    if target is None:
        return Code(code_rows([Markup("{}").format(text)]), 1)
    address = request.links.files(context.path, found.commit_id, target, found.at)
    return Code(code_rows([Markup('<a href="{}">{}</a>').format(address, text)]), 1)


def _find_target(repository: Repository, commit_id: str, blob: Blob) -> bytes | None:
    """The path in the same commit that a link means, None if it leads out or to nothing. Nothing is followed."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(blob.path), blob.data))
    if blob.truncated or path.startswith((b"/", b"..")) or path == b".":
        return None
    try:
        return repository.entry(commit_id, path).path
    except PathNotFoundError:
        return None


def _find_elsewhere(blob: Blob) -> Shown | None:
    """The words for a file whose content is not in the repository."""
    pointer = parse_lfs_pointer(blob.data)
    if pointer is not None:
        words = _(
            "The content of this file, %(size)s, is stored in Git LFS as %(name)s.",
            size=size(pointer.size),
            name=pointer.oid,
        )
        return Shown((size(blob.size), "Git LFS"), words=words)
    largefile = parse_largefile(blob.path, blob.data)
    if largefile is not None:
        words = _(
            "The content of this file is stored by Mercurial's largefiles extension as %(name)s.",
            name=largefile.digest,
        )
        return Shown((size(blob.size), _("large file")), words=words)
    return None
