"""Feeds of repositories."""

from typing import Any

from kallithea.render.feed_xml import FeedFormat
from kallithea.web.context import RepositoryContext
from kallithea.web.feeds.views import show_commits
from kallithea.web.pages import Cost


def includeme(config: Any) -> None:
    """Register the feeds."""
    for form in FeedFormat:
        config.add_page(show_commits(form), RepositoryContext, f"feed/{form}", feed=True, cost=Cost.HISTORY)
