"""What people may make on the whole site."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.allowances import site
from kallithea.web.allowances.subjects import USER_GROUPS, USERS
from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages, which are for administrators of the site."""
    for name, show, save, template, rest in (
        (site.NAME, site.show_site, site.save_site, "site", False),
        ("_admin/users/allowances", USERS.show, USERS.save, "user", True),
        ("_admin/user_groups/allowances", USER_GROUPS.show, USER_GROUPS.save, "user_group", True),
    ):
        options = {"template": f"allowances/{template}.mako", "level": Level.ADMIN, "members": True, "rest": rest}
        config.add_page(show, SiteContext, name, **options)
        config.add_page(save, SiteContext, name, method="POST", unit=UnitOfPage.OWN, **options)
