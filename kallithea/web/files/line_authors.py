"""The commits that stand beside the lines of a file."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from kallithea.core.words import Text, _, _n
from kallithea.render.annotation_html import AnnotatedLines, LineAuthor
from kallithea.render.text import short_line
from kallithea.vcs.blame import Blame, BlameCommit, BlameGroup, FileVersion
from kallithea.vcs.types import Kind
from kallithea.web.links import Links
from kallithea.web.reader import Reader
from kallithea.web.ui.commits import NO_MESSAGE, UNKNOWN, count_words
from kallithea.web.ui.people import avatar_code

_DIGITS = {Kind.GIT: 8, Kind.HG: 12}
_DAY = datetime.timedelta(days=1)

#: The address of a file as it was before a commit, at a line that it had there.
AddressBefore = Callable[[FileVersion, int], str]


def line_authors(
    commits: Iterable[BlameCommit],
    kind: Kind,
    links: Links,
    repository: str,
    encodings: Sequence[str],
    reader: Reader,
) -> dict[str, LineAuthor]:
    """Commits as they are shown beside lines, by id."""
    authors = {}
    for commit in commits:
        name, email = short_line(commit.author.name, encodings), short_line(commit.author.email, encodings)
        age = reader.ago_short(commit.author.when)
        words, before_words = _name(kind, commit.commit_id[: _DIGITS[kind]], age.striptags())
        authors[commit.commit_id] = LineAuthor(
            reader.say(words),
            reader.say(before_words),
            links.changeset(repository, commit.commit_id),
            name or email or reader.say(UNKNOWN),
            links.avatar(avatar_code(email or name)),
            short_line(commit.subject, encodings) or reader.say(NO_MESSAGE),
            age,
            (reader.now - commit.author.when) / _DAY,
        )
    return authors


def _name(kind: Kind, name: str, age: str) -> tuple[Text, Text]:
    """What a commit's line and the way to before it are called."""
    if kind is Kind.HG:
        words = _("Changeset %(name)s, %(age)s", name=name, age=age)
        return words, _("Annotate before changeset %(name)s", name=name)
    return _("Commit %(name)s, %(age)s", name=name, age=age), _("Annotate before commit %(name)s", name=name)


def annotated_lines(
    blame: Blame, authors: Mapping[str, LineAuthor], address_before: AddressBefore
) -> Iterator[AnnotatedLines]:
    """All lines in groups, those included of which nothing is known."""
    place = blame.first
    for groups in _written_together(blame.groups):
        first, last = groups[0], groups[-1]
        if first.first > place:
            yield AnnotatedLines(first.first - place, None)
        place = last.last + 1
        before = address_before(first.before, first.line) if first.before is not None else None
        yield AnnotatedLines(place - first.first, authors[first.commit_id], before, first.passed_over)
    if place <= blame.last:
        yield AnnotatedLines(blame.last + 1 - place, None)


def describe_commits(commits: Sequence[BlameCommit], kind: Kind) -> str:
    """How many there are of how many people: ``13 commits by 5 people since 2015``."""
    if not commits:
        return ""
    people = len({commit.author.email or commit.author.name for commit in commits})
    # Translators: %(commits)s is such as "13 commits", %(people)s such as "5 people".
    return _(
        "%(commits)s by %(people)s since %(year)s",
        commits=count_words(len(commits), kind),
        people=_n("%(count)s person", "%(count)s people", people),
        year=str(min(commit.author.when for commit in commits).year),
    )


def _written_together(groups: Iterable[BlameGroup]) -> Iterator[list[BlameGroup]]:
    """Neighbouring groups of one commit, whatever stood between their lines there."""
    together: list[BlameGroup] = []
    for group in groups:
        if together and not (
            group.first == together[-1].last + 1
            and (group.commit_id, group.before, group.passed_over)
            == (together[0].commit_id, together[0].before, together[0].passed_over)
        ):
            yield together
            together = []
        together.append(group)
    if together:
        yield together
