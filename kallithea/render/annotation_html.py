"""Lines of a file, each group beside the commit that wrote it, as rows of HTML.

A page has thousands of rows, so they are joined from strings here and not filled in by a template.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from kallithea.core.words import Say, _

#: Ages in days from which a commit has the next class of ``heat-0`` (new) to ``heat-9`` (old).
HEAT_DAYS = (60, 120, 240, 400, 730, 1200, 1900, 2900, 4000)

_PASSED_OVER = _("A commit that is ignored changed this later")
_UNKNOWN = _("Not yet known")


@dataclass(frozen=True, slots=True)
class LineAuthor:
    """A commit as it is shown beside its lines.

    ``words`` name it and its age, ``before_words`` the way to what was before it, both in the language of the page.
    ``age`` is HTML, ``age_days`` the same as a number.
    """

    words: str
    before_words: str
    address: str
    author: str
    avatar_address: str
    subject: str
    age: Markup
    age_days: float


@dataclass(frozen=True, slots=True)
class AnnotatedLines:
    """Neighbouring lines, ``count`` of them. ``author`` is None where it is not known who wrote them.

    ``before_address`` leads to the file before the commit, None where the commit began it. ``passed_over``: a commit
    that is ignored changed the lines later.
    """

    count: int
    author: LineAuthor | None
    before_address: str | None = None
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class AnnotationSigns:
    """The icons of the rows, as HTML, and the language of what is said beside them."""

    before: Markup
    passed_over: Markup
    say: Say = str


def heat_of(age_days: float) -> int:
    """The number in the class of the stripe, by the age of a commit."""
    return bisect.bisect_right(HEAT_DAYS, age_days)


def render_annotation(groups: Iterable[AnnotatedLines], rows: Sequence[str], signs: AnnotationSigns) -> Markup:
    """A ``tbody`` for each group. ``rows`` are those of ``code_rows``, as many as all groups have lines."""
    return Markup("".join(_bodies(groups, rows, signs)))  # noqa: S704 - the rows are HTML, the rest is escaped below


def _bodies(groups: Iterable[AnnotatedLines], rows: Sequence[str], signs: AnnotationSigns) -> Iterator[str]:
    commits: dict[str, str] = {}
    place = 0
    for group in groups:
        start, __, rest = "\n".join(rows[place : place + group.count]).partition(">")
        yield f"<tbody>{start}>{_cells(group, signs, commits)}{rest}</tbody>\n"
        place += group.count


def _cells(group: AnnotatedLines, signs: AnnotationSigns, commits: dict[str, str]) -> str:
    """The two cells of a group, as high as all its rows; ``commits`` are those that were made before."""
    author, span = group.author, f'rowspan="{group.count}"'
    if author is None:
        return f'<td class="heat" {span}></td><td class="who muted" {span}>{escape(signs.say(_UNKNOWN))}</td>'
    commit = commits.get(author.address) or commits.setdefault(author.address, _commit(author))
    over = ""
    if group.passed_over:
        words = escape(signs.say(_PASSED_OVER))
        over = f'<span title="{words}">{signs.passed_over}<span class="vh">{words}</span></span>'
    before = ""
    if group.before_address is not None:
        words, address = escape(author.before_words), escape(group.before_address)
        before = f'<a class="re" href="{address}" title="{words}" aria-label="{words}">{signs.before}</a>'
    return (
        f'<td class="heat heat-{heat_of(author.age_days)}" {span}></td>'
        f'<td class="who" {span}><div class="w{" over" if over else ""}">{commit}{over}{before}</div></td>'
    )


def _commit(author: LineAuthor) -> str:
    address, subject = escape(author.address), escape(author.subject)
    return (
        f'<img class="k-avatar" src="{escape(author.avatar_address)}" width="16" height="16" alt="" loading="lazy">'
        f'<a class="msg clip" href="{address}" title="{escape(author.author)}: {subject}">{subject}</a>'
        f'<a class="age num" href="{address}" aria-label="{escape(author.words)}">{author.age}</a>'
    )
