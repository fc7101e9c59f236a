"""Notifications, and the mails that bring them."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.notifications import choices, unsubscribing, views


def includeme(config: Any) -> None:
    """Register the pages. A link in a mail works without a session: its address is the secret."""
    config.add_page(
        views.show_notifications, SiteContext, views.NAME, template="notifications/notifications.mako", members=True
    )
    config.add_page(views.mark_read, SiteContext, f"{views.NAME}/read", method="POST", members=True)
    config.add_page(views.mark_all_read, SiteContext, f"{views.NAME}/read_all", method="POST", members=True)
    template = "notifications/choice.mako"
    config.add_page(choices.show_choice, SiteContext, choices.NAME, template=template, members=True)
    config.add_page(choices.choose, SiteContext, choices.NAME, method="POST", template=template, members=True)
    for view, method in ((unsubscribing.show_unsubscribe, "GET"), (unsubscribing.unsubscribe, "POST")):
        config.add_page(
            view,
            SiteContext,
            "_unsubscribe",
            method=method,
            template="notifications/unsubscribe.mako",
            rest=True,
            secret_address=True,
        )
