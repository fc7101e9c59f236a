"""The jobs of the site."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import SiteContext
from kallithea.web.jobs import actions, views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages, which are for administrators of the site."""
    name, options = "_admin/jobs", {"template": "jobs/jobs.mako", "level": Level.ADMIN, "members": True}
    config.add_page(views.show_jobs, SiteContext, name, **options)
    config.add_page(actions.act, SiteContext, name, method="POST", unit=UnitOfPage.OWN, **options)
