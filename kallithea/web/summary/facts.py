"""What has to be counted: who made the commits, when, and in which languages. New, it comes after the page."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Store
from kallithea.core.errors import message_of
from kallithea.core.words import Text, _, _n
from kallithea.render.share_svg import draw_shares
from kallithea.render.spark_svg import draw_spark
from kallithea.render.text import short_line
from kallithea.services.authorship import (
    WEEKS,
    end_of_week,
    find_activity,
    find_contributors,
    read_activity,
    read_contributors,
)
from kallithea.services.languages import MOST_FILES, Languages, find_languages, read_languages
from kallithea.vcs.backend import Repository
from kallithea.vcs.history import Contributor, Contributors
from kallithea.vcs.types import BusyError, CorruptObjectError, LimitExceededError
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import find, require_statistics
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.request import Request
from kallithea.web.ui.commits import UNKNOWN, count_words
from kallithea.web.ui.filters import listed

#: Name of the address that counts them, however long that takes, and leads back to the page.
WITH_FACTS = "summary-with-facts"

# Two rows.
_PEOPLE_SHOWN = 22
_LANGUAGES_SHOWN = 4
_WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who made commits. ``words`` name them and say how many; ``address`` leads to the commits."""

    words: str
    avatar: str
    address: str


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """A language, with the class of its colour and its share of the files."""

    name: str
    css_class: str
    share: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The picture of a year with a sentence about it, and those with the most commits, of ``people_count`` in all.

    ``language_bar`` is the picture of the shares of ``languages``; ``language_words`` say of what they are shares.
    """

    picture: Markup
    words: str
    language_bar: Markup
    languages: tuple[LanguageLine, ...]
    language_words: str
    people: tuple[Person, ...]
    people_count: int


@dataclass(frozen=True, slots=True)
class FactsPart:
    """The facts where they are known, else ``words`` that say why not.

    A script gets them from ``address``; ``page_address`` counts them and leads back, for browsers without scripts.
    ``statistics_address`` leads to what is counted of all history.
    """

    facts: Facts | None
    address: str
    page_address: str
    statistics_address: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted at a commit."""

    people: Contributors
    weeks: Sequence[int]
    languages: Languages


def find_facts(context: RepositoryContext, request: Request, commit_id: str) -> FactsPart:
    """The facts up to a commit if they were counted before; where they were not, the page is marked as incomplete."""
    store, now, repository_id = _inputs(context, request)
    people = find_contributors(store, repository_id, commit_id)
    weeks = find_activity(store, repository_id, commit_id, now)
    languages = find_languages(store, repository_id, commit_id)
    if people is None or weeks is None or languages is None:
        return _make_part(context, request, commit_id, None)
    counted = _Counted(people, weeks, languages)
    return _make_part(context, request, commit_id, _make_facts(context, request, commit_id, counted))


def read_facts(context: RepositoryContext, request: Request, repository: Repository, commit_id: str) -> FactsPart:
    """The facts up to a commit, counted now if they have to be; else words, and the page is marked as incomplete."""
    try:
        counted = _count(context, request, repository, commit_id)
    except (LimitExceededError, BusyError, CorruptObjectError) as problem:
        return _make_part(context, request, commit_id, None, message_of(problem))
    return _make_part(context, request, commit_id, _make_facts(context, request, commit_id, counted))


def show_facts(context: RepositoryContext, request: Request) -> FactsPart:
    """The part of the page that comes after it. Raises NotFoundError where the settings leave it out."""
    require_statistics(context)
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        return read_facts(context, request, repository, found.commit_id)


def count_facts(context: RepositoryContext, request: Request) -> Response:
    """Count, then show the page, which finds the facts.

    Raises NotFoundError where the settings leave them out, LimitExceededError, BusyError, CorruptObjectError.
    """
    require_statistics(context)
    with open_repository(context, request) as repository:
        _count(context, request, repository, find(context, request, repository).commit_id)
    return redirect(request.links.repository(context.path))


def _count(context: RepositoryContext, request: Request, repository: Repository, commit_id: str) -> _Counted:
    store, now, repository_id = _inputs(context, request)
    return _Counted(
        read_contributors(store, repository_id, repository, commit_id),
        read_activity(store, repository_id, repository, commit_id, now),
        read_languages(store, repository_id, repository, commit_id),
    )


def _inputs(context: RepositoryContext, request: Request) -> tuple[Store, datetime.datetime, int]:
    application = request.application
    return application.caches.small, application.clock(), context.repository.repository_id


def _make_part(
    context: RepositoryContext, request: Request, commit_id: str, facts: Facts | None, words: str = ""
) -> FactsPart:
    request.incomplete |= facts is None
    links, path = request.links, context.path
    return FactsPart(
        facts,
        links.repository(path, f"summary-facts/{commit_id}"),
        links.repository(path, WITH_FACTS),
        links.repository(path, "statistics"),
        words,
    )


def _make_facts(context: RepositoryContext, request: Request, commit_id: str, counted: _Counted) -> Facts:
    say, words = request.reader.say, _describe(counted.weeks, request.application.clock(), context.repository.kind)
    persons = (_make_person(context, request, commit_id, who) for who in counted.people.most[:_PEOPLE_SHOWN])
    found = counted.languages
    shares = [(name, f"l{place + 1}", 100 * count / found.total) for place, (name, count) in enumerate(_shown(found))]
    said = [_("%(language)s %(share)s percent", language=name, share=percent) for name, __, percent in shares]
    return Facts(
        draw_spark(counted.weeks, say(words)),
        words,
        draw_shares([(css_class, percent) for __, css_class, percent in shares], say(listed(said))),
        tuple(LanguageLine(name, css_class, _("%(share)s %%", share=percent)) for name, css_class, percent in shares),
        # Translators: beside the heading "Languages", whose shares are counted among so many files.
        _n("of %(count)s file", "of %(count)s files", found.total)
        if found.whole
        else _("of the first %(count)s files", count=MOST_FILES),
        tuple(persons),
        counted.people.total,
    )


def _shown(languages: Languages) -> list[tuple[str, int]]:
    """As many as there are colours; the others together are one more."""
    most = list(languages.most[:_LANGUAGES_SHOWN])
    others = languages.total - sum(count for __, count in most)
    return [*most, (_("Other"), others)] if others else most


def _describe(weeks: Sequence[int], now: datetime.datetime, kind: str) -> Text:
    """What the picture of a year shows, in words."""
    total, most = sum(weeks), max(weeks, default=0)
    if not total:
        return _("%(commits)s in the last %(weeks)s weeks.", commits=count_words(0, kind), weeks=WEEKS)
    first = end_of_week(now) - _WEEK * (len(weeks) - list(weeks).index(most))
    day = _name_day(first.day, first.month)
    return _("%(commits)s. Most active: the week from %(day)s.", commits=count_words(total, kind), day=day)


def _name_day(day: int, month: int) -> Text:
    """A day of a year, such as ``4 March``."""
    return (
        _("%(day)s January", day=day),
        _("%(day)s February", day=day),
        _("%(day)s March", day=day),
        _("%(day)s April", day=day),
        _("%(day)s May", day=day),
        _("%(day)s June", day=day),
        _("%(day)s July", day=day),
        _("%(day)s August", day=day),
        _("%(day)s September", day=day),
        _("%(day)s October", day=day),
        _("%(day)s November", day=day),
        _("%(day)s December", day=day),
    )[month - 1]


def _make_person(context: RepositoryContext, request: Request, commit_id: str, who: Contributor) -> Person:
    encodings = request.application.settings.default_encoding
    name, email = short_line(who.name, encodings), short_line(who.email, encodings)
    address = request.links.changelog(context.path, commit_id, author=who.email or who.name)
    commits = count_words(who.commits, context.repository.kind)
    words = _("%(person)s: %(commits)s", person=name or email or UNKNOWN, commits=commits)
    return Person(words, email or name, address)
