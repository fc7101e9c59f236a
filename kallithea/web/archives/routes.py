"""Archives of commits."""

from typing import Any

from kallithea.web.archives.views import send_archive
from kallithea.web.context import RepositoryContext
from kallithea.web.pages import Cost, UnitOfPage


def includeme(config: Any) -> None:
    """Register the page."""
    config.add_page(send_archive, RepositoryContext, "archive", rest=True, unit=UnitOfPage.OWN, cost=Cost.HEAVY)
