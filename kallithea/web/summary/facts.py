"""What is counted over the whole history: who made the commits, and when. It comes after the page where it is new."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kallithea.cache.stores import Store
from kallithea.render.spark_svg import draw_spark
from kallithea.render.text import short_line
from kallithea.services.authorship import WEEKS, find_activity, find_contributors, read_activity, read_contributors
from kallithea.vcs.backend import Repository
from kallithea.vcs.history import Contributor, Contributors
from kallithea.vcs.types import BusyError, CorruptObjectError, LimitExceededError
from kallithea.web.answers import Response, redirect
from kallithea.web.contents import find
from kallithea.web.context import RepositoryContext
from kallithea.web.downloads import open_repository
from kallithea.web.request import Request
from kallithea.web.ui.commits import count_words

#: Name of the address that counts them, however long that takes, and leads back to the page.
WITH_FACTS = "summary-with-facts"

_PEOPLE_SHOWN = 24
_WEEK = datetime.timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who made commits. ``words`` name them and say how many; ``address`` leads to the commits."""

    words: str
    avatar: str
    address: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The picture of a year with a sentence about it, and those with the most commits, of ``people_count`` in all."""

    picture: Markup
    words: str
    people: tuple[Person, ...]
    people_count: int


@dataclass(frozen=True, slots=True)
class FactsPart:
    """The facts where they are known, else ``words`` that say why not.

    A script gets them from ``address``; ``page_address`` counts them and leads back, for browsers without scripts.
    """

    facts: Facts | None
    address: str
    page_address: str
    words: str = ""


def find_facts(context: RepositoryContext, request: Request, commit_id: str) -> FactsPart:
    """The facts up to a commit if they were counted before; where they were not, the page is marked as incomplete."""
    store, now, repository_id = _inputs(context, request)
    people = find_contributors(store, repository_id, commit_id)
    weeks = find_activity(store, repository_id, commit_id, now)
    if people is None or weeks is None:
        return _make_part(context, request, commit_id, None)
    return _make_part(context, request, commit_id, _make_facts(context, request, commit_id, people, weeks))


def read_facts(context: RepositoryContext, request: Request, repository: Repository, commit_id: str) -> FactsPart:
    """The facts up to a commit, counted now if they have to be; else words, and the page is marked as incomplete."""
    store, now, repository_id = _inputs(context, request)
    try:
        people = read_contributors(store, repository_id, repository, commit_id)
        weeks = read_activity(store, repository_id, repository, commit_id, now)
    except (LimitExceededError, BusyError, CorruptObjectError) as problem:
        return _make_part(context, request, commit_id, None, str(problem))
    return _make_part(context, request, commit_id, _make_facts(context, request, commit_id, people, weeks))


def show_facts(context: RepositoryContext, request: Request) -> FactsPart:
    """The part of the page that comes after it."""
    with open_repository(context, request) as repository:
        found = find(context, request, repository)
        return read_facts(context, request, repository, found.commit_id)


def count_facts(context: RepositoryContext, request: Request) -> Response:
    """Count, then show the page, which finds the facts. Raises LimitExceededError, BusyError, CorruptObjectError."""
    store, now, repository_id = _inputs(context, request)
    with open_repository(context, request) as repository:
        commit_id = find(context, request, repository).commit_id
        read_contributors(store, repository_id, repository, commit_id)
        read_activity(store, repository_id, repository, commit_id, now)
    return redirect(request.links.repository(context.path))


def _inputs(context: RepositoryContext, request: Request) -> tuple[Store, datetime.datetime, int]:
    application = request.application
    return application.caches.small, application.clock(), context.repository.repository_id


def _make_part(
    context: RepositoryContext, request: Request, commit_id: str, facts: Facts | None, words: str = ""
) -> FactsPart:
    request.incomplete |= facts is None
    links, path = request.links, context.path
    return FactsPart(
        facts, links.repository(path, f"summary-facts/{commit_id}"), links.repository(path, WITH_FACTS), words
    )


def _make_facts(
    context: RepositoryContext, request: Request, commit_id: str, people: Contributors, weeks: Sequence[int]
) -> Facts:
    words = _describe(weeks, request.application.clock(), context.repository.kind)
    persons = (_make_person(context, request, commit_id, who) for who in people.most[:_PEOPLE_SHOWN])
    return Facts(draw_spark(weeks, words), words, tuple(persons), people.total)


def _describe(weeks: Sequence[int], now: datetime.datetime, kind: str) -> str:
    """What the picture of a year shows, in words."""
    total, most = sum(weeks), max(weeks, default=0)
    if not total:
        return f"{count_words(0, kind)} in the last {WEEKS} weeks."
    # The last of the weeks ends with today.
    first = now.astimezone(datetime.UTC) + datetime.timedelta(days=1) - _WEEK * (len(weeks) - list(weeks).index(most))
    return f"{count_words(total, kind)}. Most active: the week from {first.day} {first:%B}."


def _make_person(context: RepositoryContext, request: Request, commit_id: str, who: Contributor) -> Person:
    encodings = request.application.settings.default_encoding
    name, email = short_line(who.name, encodings), short_line(who.email, encodings)
    address = request.links.changelog(context.path, commit_id, author=who.email or who.name)
    words = f"{name or email or '(unknown)'}: {count_words(who.commits, context.repository.kind)}"
    return Person(words, email or name, address)
