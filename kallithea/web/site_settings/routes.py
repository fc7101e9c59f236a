"""Settings of the site."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.site_settings import defaults, general, hooks, issues


def includeme(config: Any) -> None:
    """Register the pages, which are for administrators of the site."""
    options = {"level": Level.ADMIN, "members": True}
    for name, show, save, template in (
        (general.NAME, general.show_general, general.save_general, "general"),
        (issues.NAME, issues.show_issues, issues.save_issues, "issues"),
        (defaults.NAME, defaults.show_defaults, defaults.save_defaults, "defaults"),
    ):
        form = {"template": f"site_settings/{template}.mako", **options}
        config.add_page(show, SiteContext, name, **form)
        config.add_page(save, SiteContext, name, method="POST", unit=UnitOfPage.OWN, **form)
    config.add_page(hooks.show_hooks, SiteContext, hooks.NAME, template="site_settings/hooks.mako", **options)
