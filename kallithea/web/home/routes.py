"""The list of repositories, and what every site has."""

from typing import Any

from kallithea.web.context import GroupContext, SiteContext
from kallithea.web.home import groups, metrics, site_files, views
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(views.show_dashboard, SiteContext, template="home/repositories.mako")
    config.add_page(views.show_group, GroupContext, template="home/repositories.mako")
    config.add_page(groups.show_groups, SiteContext, "_groups", template="home/groups.mako")
    config.add_page(views.show_about, SiteContext, "about", template="home/about.mako")
    config.add_page(site_files.show_favicon, SiteContext, "favicon.ico", unit=UnitOfPage.NONE)
    config.add_page(site_files.show_robots, SiteContext, "robots.txt", unit=UnitOfPage.NONE)
    config.add_page(site_files.show_avatar, SiteContext, "_avatar", unit=UnitOfPage.NONE, rest=True)
    config.add_page(site_files.show_alive, SiteContext, "_healthz", unit=UnitOfPage.NONE)
    config.add_page(metrics.show_metrics, SiteContext, "_metrics", unit=UnitOfPage.NONE)
    config.add_page(site_files.show_ready, SiteContext, "_readyz", unit=UnitOfPage.NONE)
