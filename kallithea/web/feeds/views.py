"""The newest commits of a repository as a feed."""

from collections.abc import Callable

from kallithea.core.words import _
from kallithea.render.feed_xml import Feed, FeedEntry, FeedFormat
from kallithea.render.text import character_start, decode, visible_lines
from kallithea.services.revisions import find_landing
from kallithea.vcs.backend import Repository
from kallithea.vcs.types import Commit
from kallithea.web.answers import Response
from kallithea.web.context import RepositoryContext
from kallithea.web.feed_answers import MOST_ENTRIES, send_feed
from kallithea.web.request import Request
from kallithea.web.ui.commits import commit_line

_LONGEST_TEXT = 10_000


def show_commits(form: FeedFormat) -> Callable[[RepositoryContext, Request], Response]:
    """The view of the feed in one form: the newest commits of what the repository's pages begin with."""

    def show(context: RepositoryContext, request: Request) -> Response:
        with request.services.repositories.open(context.repository) as repository:
            commits = _read(repository, context.repository.landing_ref)
        return send_feed(request, _make(context, request, commits, form), form)

    return show


def _read(repository: Repository, landing_ref: bytes | None) -> tuple[Commit, ...]:
    landing = find_landing(repository, landing_ref)
    return repository.log(landing.commit_id, limit=MOST_ENTRIES).commits if landing is not None else ()


def _make(context: RepositoryContext, request: Request, commits: tuple[Commit, ...], form: FeedFormat) -> Feed:
    links, say = request.links, request.reader.say
    entries = tuple(_make_entry(context, request, commit) for commit in commits)
    permanent = f"_{context.repository.repository_id}"
    return Feed(
        links.absolute(links.repository(permanent, "feed")),
        say(_("Commits of %(repository)s", repository=context.path)),
        links.absolute(links.changelog(context.path)),
        links.absolute(links.repository(context.path, f"feed/{form}")),
        max((entry.when for entry in entries), default=context.repository.updated),
        entries,
    )


def _make_entry(context: RepositoryContext, request: Request, commit: Commit) -> FeedEntry:
    links, encodings = request.links, request.application.settings.default_encoding
    line = commit_line(commit, encodings)
    message = decode(commit.message[: character_start(commit.message, _LONGEST_TEXT)], encodings).strip()
    permanent = links.changeset(f"_{context.repository.repository_id}", commit.commit_id)
    return FeedEntry(
        links.absolute(permanent),
        request.reader.say(line.subject),
        links.absolute(links.changeset(context.path, commit.commit_id)),
        request.reader.say(line.author),
        commit.committer.when,
        visible_lines(f"{message} …" if len(commit.message) > _LONGEST_TEXT else message),
    )
