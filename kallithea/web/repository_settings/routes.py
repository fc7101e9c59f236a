"""Settings of a repository."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import RepositoryContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.repository_settings import deletion, fields, remote, views


def includeme(config: Any) -> None:
    """Register the pages. Those that change something open their units themselves: a failed attempt commits nothing."""
    rule = {"level": Level.ADMIN, "members": True, "tab": "settings"}
    change_rule = {"method": "POST", "unit": UnitOfPage.OWN, **rule}
    for name, show, change, template in (
        ("settings", views.show_settings, views.update, "repository_settings/settings.mako"),
        ("settings/fields", fields.show_fields, fields.update_fields, "repository_settings/fields.mako"),
        ("settings/remote", remote.show_remote, remote.update_remote, "repository_settings/remote.mako"),
        ("settings/delete", deletion.show_delete, deletion.delete, "repository_settings/delete.mako"),
    ):
        config.add_page(show, RepositoryContext, name, template=template, **rule)
        config.add_page(change, RepositoryContext, name, template=template, **change_rule)
    for name, view in (("settings/remote/pull", remote.pull), ("settings/remote/remove", remote.remove_remote)):
        config.add_page(view, RepositoryContext, name, **change_rule)
