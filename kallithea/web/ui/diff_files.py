"""Changed files as pages show them: what happened to each, its rows, and the way to what is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.file_codes import file_code
from kallithea.core.words import Text, _, _n
from kallithea.render.diff_html import DiffRenderer, Layout
from kallithea.render.text import one_line
from kallithea.services.diffs import FOLDED_LINES, LONGEST_LINE, MOST_BYTES, longest_line
from kallithea.vcs.diff import ChangeKind, ContentKind, FileChange, FileDiff, Whitespace
from kallithea.web.links import Links
from kallithea.web.reader import Reader, size
from kallithea.web.ui.diff_options import CONTEXTS, DiffView, Query
from kallithea.web.ui.filters import listed

_WORDS = {
    ChangeKind.ADDED: _("Added"),
    ChangeKind.DELETED: _("Deleted"),
    ChangeKind.RETYPED: _("Another kind of file"),
}
_ICONS = {
    ChangeKind.ADDED: "diff-added",
    ChangeKind.DELETED: "diff-removed",
    ChangeKind.RENAMED: "diff-renamed",
    ChangeKind.COPIED: "diff-renamed",
    ChangeKind.RETYPED: "diff-modified",
    ChangeKind.MODIFIED: "diff-modified",
}


# By these ends of names a picture is known that browsers draw; larger ones are left to who asks for them.
_PICTURES = (b".png", b".jpg", b".jpeg", b".gif", b".webp")
_LARGEST_PICTURE = 4 << 20


@dataclass(frozen=True, slots=True)
class Picture:
    """One side of a changed picture: ``words`` say which and how large."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Words about what is not shown, and the address of the bytes of the file that has it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class FileRows:
    """What is shown of a file's changes: rows, words about what is not shown, and a link to it.

    ``lines_address`` gives unchanged lines between the rows, ``more_address`` the same changes with more lines around.
    ``gap_after`` are the numbers with which lines after the last row begin, if there are any. ``left_out`` are lines
    that are shown nowhere else.
    """

    path: str
    anchor: str
    split: bool
    rows: Markup
    words: str
    link: str
    link_words: str
    lines_address: str
    more_address: str
    gap_after: str = ""
    pictures: tuple[Picture, ...] = ()
    left_out: LeftOut | None = None


@dataclass(frozen=True, slots=True)
class FileView:
    """One file. ``added`` is None where lines were not counted, ``folded`` tells whether it begins folded.

    ``code`` stands for the path: see ``core.file_codes``.
    """

    folder: str
    name: str
    note: str
    icon: str
    added: int | None
    deleted: int | None
    folded: bool
    address: str
    shown: FileRows
    code: str

    @property
    def anchor(self) -> str:
        """The part of the page."""
        return self.shown.anchor

    @property
    def path(self) -> str:
        """The whole path as text."""
        return self.shown.path


@dataclass(frozen=True, slots=True)
class DiffAddress:
    """Where the parts of a diff are: pages of ``repository`` that are called ``verb-file`` and ``verb-lines``.

    ``revision`` is what follows in their addresses, ``query`` what all of them carry. Whole files are those of the
    commit ``new`` in the repository ``source``, and of ``old`` in ``repository``, if there is that side.
    """

    repository: str
    verb: str
    revision: str
    query: Query
    source: str
    new: str
    old: str | None


class DiffPlace:
    """Makes the addresses of the parts of one diff."""

    def __init__(self, links: Links, at: DiffAddress, view: DiffView) -> None:
        self.view = view
        self._links, self._at = links, at
        self._query = {**at.query, **view.query}
        more = next((lines for lines in CONTEXTS if lines > view.options.context), None)
        self._more = {"context": more} if more is not None else None
        verb, place = at.verb, (at.repository, at.revision)
        self._make_whole = links.maker("files", at.source, at.new)
        self._make_lines = links.maker(f"{verb}-lines", *place, query=at.query)
        self._make_more = links.maker(f"{verb}-file", *place, query={**self._query, **(self._more or {})})

    def file(self, change: FileChange, **more: int) -> str:
        """One file's changes as a page."""
        query = {**self._query, "from": change.old_path if change.old_path != change.path else None, **more}
        at = self._at
        return self._links.maker(f"{at.verb}-file", at.repository, at.revision, query=query)(change.path)

    def more_context(self, change: FileChange) -> str:
        """The same with more unchanged lines around; empty where all are shown."""
        if self._more is None:
            return ""
        return self._make_more(change.path) if change.old_path == change.path else self.file(change, **self._more)

    def lines(self, change: FileChange) -> str:
        """Unchanged lines of a file; empty where all are shown."""
        return self._make_lines(change.path) if self._more is not None else ""

    def whole(self, change: FileChange) -> str:
        """The file as it is after the change; empty where it is gone."""
        if change.kind is ChangeKind.DELETED or change.content is ContentKind.SUBREPOSITORY:
            return ""
        return self._make_whole(change.path)

    def side(self, change: FileChange, *, old: bool) -> str:
        """The bytes of one side of a file; empty where it has none."""
        at = self._at
        if old:
            there = at.old is not None and change.kind is not ChangeKind.ADDED
            return self._links.raw(at.repository, at.old, change.old_path) if at.old is not None and there else ""
        return self._links.raw(at.source, at.new, change.path) if change.kind is not ChangeKind.DELETED else ""


class FileMaker:
    """Makes the files of one page."""

    def __init__(self, place: DiffPlace, encodings: Sequence[str], reader: Reader) -> None:
        self._place = place
        self._encodings = encodings
        self._renderer = DiffRenderer(encodings, place.view.layout, reader.say)

    @property
    def colourless(self) -> bool:
        """Whether a file was left without colours."""
        return self._renderer.colourless

    def make(
        self, change: FileChange, body: FileDiff | None, anchor: str, *, skipped_lines: int | None = None
    ) -> FileView:
        """A file of the list, with its lines if they were read.

        Among others, heavy ones are not shown. By itself it is a portion, before which lines were passed over.
        """
        path = one_line(change.path, self._encodings)
        folder, slash, name = path.rpartition("/")
        return FileView(
            folder + slash,
            name,
            self._note(change),
            _ICONS[change.kind],
            change.added,
            change.deleted,
            (change.added or 0) + (change.deleted or 0) > FOLDED_LINES,
            self._place.whole(change),
            self._make_shown(change, body, anchor, skipped_lines),
            file_code(change.path),
        )

    def _make_shown(self, change: FileChange, body: FileDiff | None, anchor: str, skipped: int | None) -> FileRows:
        if body is None:
            return self._not_shown(change, anchor, _("Not shown, to keep the page fast."))
        heavy = _find_weight(body) if skipped is None else ""
        return self._not_shown(change, anchor, heavy) if heavy else self._make_rows(body, anchor, skipped)

    def _make_rows(self, body: FileDiff, anchor: str, skipped: int | None) -> FileRows:
        change, place = body.change, self._place
        path = one_line(change.path, self._encodings)
        special = change.content in (ContentKind.BINARY, ContentKind.SUBREPOSITORY)
        from_start = not skipped and not body.overlong_lines
        stuck = skipped is not None and bool(body.hidden_lines) and body.next_line <= skipped
        words, link, link_words = ("", "", "") if stuck else self._rest(body)
        pictures = self._find_pictures(body)
        if pictures and len(pictures) == sum(count is not None for count in (body.old_size, body.new_size)):
            words = ""
        expandable = bool(body.hunks) and not special and change.kind is not ChangeKind.DELETED
        return FileRows(
            path,
            anchor,
            place.view.layout is Layout.SPLIT,
            Markup() if special else self._renderer.render(body.hunks, path, anchor, from_start=from_start),
            words,
            link,
            link_words,
            place.lines(change) if expandable else "",
            place.more_context(change) if expandable else "",
            _gap_after(body, place.view.options.context) if expandable else "",
            pictures,
            self._left_out(body, stuck=stuck),
        )

    def _left_out(self, body: FileDiff, *, stuck: bool) -> LeftOut | None:
        """What is said of lines that no portion shows: too long ones, or all that follow where none leads on."""
        if stuck:
            return LeftOut(_count_hidden(body), self._place.side(body.change, old=body.change.new_id is None))
        if not body.overlong_lines:
            return None
        words = _n(
            "%(count)s line is too long to be shown.", "%(count)s lines are too long to be shown.", body.overlong_lines
        )
        return LeftOut(words, self._place.side(body.change, old=body.overlong_removed == body.overlong_lines))

    def _find_pictures(self, body: FileDiff) -> tuple[Picture, ...]:
        change, old, new = body.change, body.old_size, body.new_size
        if change.content is not ContentKind.BINARY or body.too_large or body.damage:
            return ()
        found = []
        if old and _is_picture(change.old_path, old) and (address := self._place.side(change, old=True)):
            found.append(Picture(_("Before: %(size)s", size=size(old)), address))
        if new and _is_picture(change.path, new) and (address := self._place.side(change, old=False)):
            found.append(Picture(_("After: %(size)s", size=size(new)), address))
        return tuple(found)

    def _not_shown(self, change: FileChange, anchor: str, words: str) -> FileRows:
        path = one_line(change.path, self._encodings)
        return FileRows(path, anchor, False, Markup(), words, self._place.file(change), _("Show the changes"), "", "")

    def _note(self, change: FileChange) -> str:
        words = [_WORDS.get(change.kind, "")]
        if change.kind is ChangeKind.RENAMED:
            words = [_("Renamed from %(path)s", path=one_line(change.old_path, self._encodings))]
        elif change.kind is ChangeKind.COPIED:
            words = [_("Copied from %(path)s", path=one_line(change.old_path, self._encodings))]
        if change.similarity not in (None, 100):
            words.append(_("%(percent)s %% alike", percent=change.similarity))
        if change.old_mode and change.new_mode and change.old_mode != change.new_mode:
            words.append(_("Mode %(old)s to %(new)s", old=str(change.old_mode), new=str(change.new_mode)))
        return listed([word for word in words if word])

    def _rest(self, body: FileDiff) -> tuple[str, str, str]:
        """Words about what is not shown, the address of the next portion of it, and the words of that link."""
        change = body.change
        if body.damage:
            return body.damage, "", ""
        if change.content is ContentKind.SUBREPOSITORY:
            return _("Sub-repository: %(change)s.", change=_from_to(change.old_id, change.new_id)), "", ""
        if change.content is ContentKind.BINARY:
            sizes = _from_to(*(size(count) if count is not None else None for count in (body.old_size, body.new_size)))
            if body.too_large:
                return _("Too large to be compared: %(change)s.", change=sizes), "", ""
            return _("Binary files are not compared: %(change)s.", change=sizes), "", ""
        if body.hidden_lines:
            return _count_hidden(body), self._place.file(change, skip=body.next_line), _("Show more")
        if body.hunks or body.overlong_lines:
            return "", "", ""
        ignoring = self._place.view.options.ignored is not Whitespace.NONE and change.old_id != change.new_id
        return (_("Only white space was changed.") if ignoring else _("No lines were changed.")), "", ""


def _count_hidden(body: FileDiff) -> str:
    count = body.hidden_lines or 0
    return _n("%(count)s more changed line not shown.", "%(count)s more changed lines not shown.", count)


def _is_picture(path: bytes, count: int) -> bool:
    return count <= _LARGEST_PICTURE and path.lower().endswith(_PICTURES)


def _find_weight(body: FileDiff) -> str:
    """Why the lines of a file are shown only to who asks for them; empty for most."""
    longest, total = longest_line(body), sum(len(hunk.text) for hunk in body.hunks)
    if longest > LONGEST_LINE:
        return _("A line of %(size)s is not shown at once, to keep the page fast.", size=size(longest))
    if total > MOST_BYTES:
        return _("Lines of %(size)s together are not shown at once, to keep the page fast.", size=size(total))
    return ""


def _gap_after(body: FileDiff, context: int) -> str:
    """Old and new number of the line after the last hunk; empty if the file ends with the hunk."""
    last = body.hunks[-1]
    ended = not all(line.startswith(b" ") for line in last.text.split(b"\n")[-context - 1 : -1])
    if body.hidden_lines or ended or not context or context >= last.new_lines:
        return ""
    return f"{last.old_start + last.old_lines} {last.new_start + last.new_lines} 0"


def _from_to(old: str | None, new: str | None) -> Text:
    if old is None:
        # Translators: %(new)s and %(old)s are ids of commits, or sizes of files, after a colon.
        return _("%(new)s was added", new=new)
    return _("%(old)s was removed", old=old) if new is None else _("%(old)s to %(new)s", old=old, new=new)
