"""Statistics of a repository, as jobs have counted them; the page counts nothing."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.core.jobs import CountRepository
from kallithea.core.words import Text, _
from kallithea.render.share_svg import draw_shares
from kallithea.services.commit_counts import AuthorCount, CommitCounts
from kallithea.services.revisions import find_landing
from kallithea.services.statistics import Statistic
from kallithea.web.contents import note_outside_changes, open_contents, require_statistics
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.statistics.weeks import WeeksPart, make_weeks
from kallithea.web.ui.commits import UNKNOWN, count_words, short_id
from kallithea.web.ui.filters import listed

#: Languages that are shown.
MOST_LANGUAGES = 100

# There are as many colours, and one for the others.
_COLOURED = 4


@dataclass(frozen=True, slots=True)
class Line:
    """Who or what has so many commits. ``css_class`` is the colour in the picture, empty without one.

    ``avatar`` and ``address`` are empty for what is nobody.
    """

    name: str
    commits: int
    share: Text
    css_class: str
    avatar: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The picture of some shares, and their numbers."""

    picture: Markup
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted up to a commit; ``words`` say how many. ``languages`` are None where no file is in one."""

    words: Text
    commit_id: str
    short: str
    at: datetime.datetime
    weeks: WeeksPart
    authors: Breakdown
    languages: Breakdown | None


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """What is known of a repository's commits; ``counting``: newer ones are still to be counted.

    ``problem`` says why the newest cannot be counted. ``empty``: there are no commits.
    """

    path: str
    empty: bool
    counting: bool
    problem: str
    counted: Counted | None


def show_statistics(context: RepositoryContext, request: Request) -> StatisticsPage:
    """What jobs have counted; one is asked for where it is not of the newest commit."""
    require_statistics(context)
    with open_contents(context, request) as vcs:
        note_outside_changes(context, request, vcs)
        landing = find_landing(vcs, context.repository.landing_ref)
    if landing is None:
        return StatisticsPage(context.path, True, False, "", None)
    repository_id = context.repository.repository_id
    found = request.services.statistics.find(repository_id)
    counting = found is None or not found.is_of(landing.commit_id)
    if counting:
        request.application.later.add(CountRepository(repository_id))
    counted = _show(context, request, found, found.counts) if found is not None and found.counts is not None else None
    return StatisticsPage(context.path, False, counting, "" if counting or found is None else found.problem, counted)


def _show(context: RepositoryContext, request: Request, found: Statistic, counts: CommitCounts) -> Counted:
    kind = context.repository.kind
    return Counted(
        count_words(counts.total, kind),
        found.commit_id,
        short_id(found.commit_id, kind),
        found.counted,
        make_weeks(context, request, counts.weeks),
        _show_authors(context, request, found.commit_id, counts),
        _show_languages(request, kind, counts) if counts.languages else None,
    )


def _show_authors(context: RepositoryContext, request: Request, commit_id: str, counts: CommitCounts) -> Breakdown:
    def line(place: int, author: AuthorCount) -> Line:
        key = author.email or author.name
        address = request.links.changelog(context.path, commit_id, author=key) if key else ""
        name = author.name or author.email or UNKNOWN
        return Line(name, author.commits, _share(author.commits, counts), _colour(place), key, address)

    shown = counts.first_authors()
    lines = [line(place, author) for place, author in enumerate(shown)]
    rest = counts.total - sum(author.commits for author in shown)
    if rest:
        # Translators: in a list of authors, all that are not in it.
        lines.append(Line(_("All others"), rest, _share(rest, counts), _colour(_COLOURED)))
    return _break_down(request, context.repository.kind, lines)


def _show_languages(request: Request, kind: str, counts: CommitCounts) -> Breakdown:
    most = sorted(counts.languages.items(), key=lambda item: (-item[1], item[0]))[:MOST_LANGUAGES]
    lines = [Line(name, count, _share(count, counts), _colour(place)) for place, (name, count) in enumerate(most)]
    return _break_down(request, kind, lines)


def _break_down(request: Request, kind: str, lines: Sequence[Line]) -> Breakdown:
    """The picture has the first lines, and all others as one share."""
    total = sum(line.commits for line in lines)
    first = lines[:_COLOURED]
    rest = total - sum(line.commits for line in first)
    shares = [(line.css_class, 100 * line.commits / total) for line in first]
    shares += [(_colour(_COLOURED), 100 * rest / total)] if rest else []
    said = [_("%(person)s: %(commits)s", person=line.name, commits=count_words(line.commits, kind)) for line in first]
    return Breakdown(draw_shares(shares, request.reader.say(listed(said))), tuple(lines))


def _share(commits: int, counts: CommitCounts) -> Text:
    return _("%(share)s %%", share=100 * commits / counts.total)


def _colour(place: int) -> str:
    return f"l{min(place, _COLOURED) + 1}"
