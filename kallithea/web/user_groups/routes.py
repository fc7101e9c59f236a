"""Groups of users."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.user_groups import creation, deletion, editing, listing, members


def includeme(config: Any) -> None:
    """Register the pages, which are for members: they see the groups that they know of.

    What they may do with one is found out when it is loaded. Groups are made by whoever that is allowed to, see
    ``core.allowances``.
    Those that change something open their units themselves: a failed attempt commits nothing.
    """
    name = "_admin/user_groups"
    changing = {"method": "POST", "unit": UnitOfPage.OWN, "members": True}
    config.add_page(listing.show_user_groups, SiteContext, name, template="user_groups/user_groups.mako", members=True)
    form = "user_groups/create.mako"
    config.add_page(creation.show_create, SiteContext, f"{name}/new", template=form, members=True)
    config.add_page(creation.create, SiteContext, f"{name}/new", template=form, **changing)
    form = "user_groups/edit.mako"
    config.add_page(editing.show_edit, SiteContext, f"{name}/edit", template=form, rest=True, members=True)
    config.add_page(editing.update, SiteContext, f"{name}/edit", template=form, rest=True, **changing)
    form = "user_groups/members.mako"
    config.add_page(members.show_members, SiteContext, f"{name}/members", template=form, rest=True, members=True)
    config.add_page(members.add_member, SiteContext, f"{name}/members", template=form, rest=True, **changing)
    config.add_page(members.remove_member, SiteContext, f"{name}/remove", template=form, rest=True, **changing)
    form = "user_groups/delete.mako"
    config.add_page(deletion.show_delete, SiteContext, f"{name}/delete", template=form, rest=True, members=True)
    config.add_page(deletion.delete, SiteContext, f"{name}/delete", template=form, rest=True, **changing)
