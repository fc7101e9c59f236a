"""Following a repository, and the list of those who do."""

from dataclasses import dataclass

from kallithea.core.errors import ForbiddenError
from kallithea.core.words import _
from kallithea.services.followers import FollowerRow
from kallithea.services.work import writing
from kallithea.web.answers import Response, redirect
from kallithea.web.context import RepositoryContext
from kallithea.web.request import Request
from kallithea.web.ui.paging import Pager, make_pager
from kallithea.web.way_back import find_referring_path, find_way_back

#: Followers on one page.
PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class FollowersPage:
    """Those who follow a repository."""

    path: str
    rows: tuple[FollowerRow, ...]
    total: int
    pager: Pager | None


def show_followers(context: RepositoryContext, request: Request) -> FollowersPage:
    """A page of the list."""
    page, total = request.page_number(), context.following.count
    repository_id = context.repository.repository_id
    rows = request.services.followers.list_(repository_id, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE)
    pager = make_pager(
        page, PAGE_SIZE, total, lambda number: request.links.repository(context.path, "followers", page=number)
    )
    return FollowersPage(context.path, rows, total, pager)


def follow(context: RepositoryContext, request: Request) -> Response:
    """Follow, and go on where the visitor was."""
    with writing(request.application) as services:
        services.followers.ensure(_user_id(request), context.repository.repository_id)
    return _go_on(context, request)


def unfollow(context: RepositoryContext, request: Request) -> Response:
    """Follow no more, and go on where the visitor was."""
    with writing(request.application) as services:
        services.followers.delete(_user_id(request), context.repository.repository_id)
    return _go_on(context, request)


def _user_id(request: Request) -> int:
    user_id = request.visitor.user_id
    if user_id is None:
        raise ForbiddenError(_("Repositories are followed by those who are signed in."))
    return user_id


def _go_on(context: RepositoryContext, request: Request) -> Response:
    return redirect(find_way_back(find_referring_path(request)) or request.links.repository(context.path))
