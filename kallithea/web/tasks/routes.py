"""Tasks: what takes long, on a page of its own, and all of one person in a list."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.tasks import listing, views


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(views.show_task, SiteContext, "_tasks", template="tasks/task.mako", rest=True)
    config.add_page(views.cancel, SiteContext, "_tasks", method="POST", rest=True)
    name, template = "_admin/my_account/tasks", "tasks/tasks.mako"
    config.add_page(listing.show_tasks, SiteContext, name, template=template, members=True)
