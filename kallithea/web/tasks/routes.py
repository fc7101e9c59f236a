"""Tasks: what takes long, on a page of its own."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.tasks import views


def includeme(config: Any) -> None:
    """Register the pages."""
    config.add_page(views.show_task, SiteContext, "_tasks", template="tasks/task.mako", rest=True)
    config.add_page(views.cancel, SiteContext, "_tasks", method="POST", rest=True)
