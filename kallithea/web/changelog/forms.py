"""The form above a history: from an address to a filter, and back to addresses of the same question."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.core.words import _
from kallithea.render.text import field_value, one_line
from kallithea.services.revisions import Revision
from kallithea.vcs.blame import LineRange
from kallithea.vcs.history import LogFilter, Merges, Phase
from kallithea.vcs.types import Commit, Kind
from kallithea.web.context import RepositoryContext
from kallithea.web.links import Links
from kallithea.web.request import BadRequestError, Request
from kallithea.web.ui.commits import numbered_id
from kallithea.web.ui.ref_menu import AllChoice, RefPick, make_ref_pick, with_everything

# More digits than these no file has lines.
_LINES = re.compile(r"([1-9][0-9]{0,8})(?:-([1-9][0-9]{0,8}))?")
_WHOLE_DAY = datetime.timedelta(days=1, seconds=-1)


@dataclass(frozen=True, slots=True)
class Question:
    """Which commits are asked for, and the fields as they were filled in."""

    wanted: LogFilter
    text: str
    author: str
    since: str
    until: str

    @property
    def is_open(self) -> bool:
        """Whether there is no condition."""
        return self.wanted == LogFilter()

    @property
    def lines(self) -> str:
        """The lines that are asked for, as addresses have them; empty where it is about whole files."""
        return "-".join(map(str, dict.fromkeys(self.wanted.lines or ())))

    @property
    def query(self) -> dict[str, str | bytes | int | None]:
        """What addresses of the same question carry beside the path."""
        merges = self.wanted.merges
        return {
            "text": self.text,
            "author": self.author,
            "since": self.since,
            "until": self.until,
            "merges": None if merges is Merges.ALL else merges.value,
            "follow": 1 if self.wanted.follow else None,
            "lines": self.lines,
            "named": self.wanted.branch,
            "phase": self.wanted.phase.value if self.wanted.phase is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Form:
    """The form above the history. ``path`` is what to fill in, None where the address has one.

    ``all_heads`` tells that no commit is in the address, else ``at`` is the ref by which the visitor came. ``branch``
    is the named branch that the commits can be limited to, empty in Git. ``clear_address`` leads to everything,
    ``file_address`` from some lines to all of their file.
    """

    pick: RefPick
    action: str
    all_heads: bool
    at: str
    question: Question
    path: str | None
    branch: str
    clear_address: str
    file_address: str


def read_question(request: Request, path: bytes) -> Question:
    """The question of an address; its path, if it has one, counts for more than that of the form.

    Raises BadRequestError.
    """
    text, author = request.query_text("text"), request.query_text("author")
    since, until = request.query_text("since"), request.query_text("until")
    path = path or (request.query_bytes("path") or b"").strip(b"/")
    last = _parse_day(until)
    lines = _parse_lines(request.query_text("lines"))
    if not path:
        lines = None
    wanted = LogFilter(
        author=author.encode(),
        text=text.encode(),
        since=_parse_day(since),
        until=last + _WHOLE_DAY if last is not None else None,
        path=path,
        # lines are followed anyway
        follow=bool(path and not lines and request.query_text("follow")),
        lines=lines,
        branch=request.query_bytes("named"),
        merges=_parse_merges(request.query_text("merges")),
        phase=_parse_phase(request.query_text("phase")),
    )
    return Question(wanted, text, author, since, until)


def _parse_day(text: str) -> datetime.datetime | None:
    """The first moment of a day in UTC, None for no text."""
    if not text:
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError as problem:
        raise BadRequestError(_("“%(text)s” is not a day such as 2026-03-31.", text=text)) from problem
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def _parse_lines(text: str) -> LineRange | None:
    """The lines of a file that are asked for, None for no text."""
    if not text:
        return None
    match = _LINES.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if last < first:
        raise BadRequestError(_("“%(text)s” is not a line or some lines of a file such as 99-107.", text=text))
    return first, last


def _parse_merges(text: str) -> Merges:
    try:
        return Merges(text) if text else Merges.ALL
    except ValueError as problem:
        raise BadRequestError(_("Merges are shown, left out, or shown alone.")) from problem


def _parse_phase(text: str) -> Phase | None:
    try:
        return Phase(text) if text else None
    except ValueError as problem:
        raise BadRequestError(_("The phase is public or draft.")) from problem


def make_form(
    context: RepositoryContext, request: Request, revision: Revision | None, question: Question, commit: Commit | None
) -> Form:
    """The form of a history up to a revision, whose ``commit`` this is; of all heads, where both are None."""
    links, encodings = request.links, request.application.settings.default_encoding
    path = question.wanted.path
    ref = revision.ref if revision is not None else None
    other = numbered_id(commit.commit_id, commit.revision) if commit is not None else ""
    branch = question.wanted.branch or (commit.branch if commit is not None else None)
    pick = make_ref_pick(links, context.path, "changelog", ref, other, encodings, path=path)
    name = _("All heads") if context.repository.kind == Kind.HG else _("All branches")
    in_address = revision.path if revision is not None else b""
    return Form(
        with_everything(pick, AllChoice(name, address_of(context, links, None, path), revision is None)),
        links.changelog(context.path, revision.commit_id if revision is not None else "", in_address),
        revision is None,
        field_value(ref.name if ref is not None else b""),
        question,
        one_line(path, encodings) if not in_address else None,
        field_value(branch or b""),
        address_of(context, links, revision),
        address_of(context, links, revision, path, query={**question.query, "lines": None}) if question.lines else "",
    )


def address_of(
    context: RepositoryContext,
    links: Links,
    revision: Revision | None,
    path: bytes = b"",
    page: int | None = None,
    query: Mapping[str, str | bytes | int | None] = {},
) -> str:
    """The address of a history up to a revision, or of all heads."""
    if revision is None:
        return links.repository(context.path, "changelog", all=1, path=path or None, page=page, **query)
    return links.changelog(context.path, revision.commit_id, path, revision.at, page, **query)
