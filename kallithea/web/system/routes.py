"""How the site is."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import SiteContext
from kallithea.web.system import mail, tasks, views


def includeme(config: Any) -> None:
    """Register the pages, which are for administrators of the site."""
    name, template, options = "_admin/system", "system/system.mako", {"level": Level.ADMIN, "members": True}
    config.add_page(views.show_system, SiteContext, name, template=template, **options)
    config.add_page(views.show_text, SiteContext, f"{name}.txt", **options)
    config.add_page(tasks.rebuild_index, SiteContext, tasks.REBUILD, method="POST", **options)
    config.add_page(tasks.scan, SiteContext, tasks.SCAN, method="POST", **options)
    config.add_page(mail.send_test, SiteContext, f"{name}/mail", method="POST", **options)
