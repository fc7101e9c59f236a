"""The administration of accounts, and from where people may come."""

from typing import Any

from kallithea.core.access import Level
from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.users import allow_lists, belongings, creation, deletion, editing, listing


def includeme(config: Any) -> None:
    """Register the pages, which are for administrators of the site.

    Those that change something open their units themselves: a failed attempt commits nothing.
    """
    name, options = "_admin/users", {"level": Level.ADMIN, "members": True}
    changing = {"method": "POST", "unit": UnitOfPage.OWN, **options}
    config.add_page(listing.show_users, SiteContext, name, template="users/users.mako", **options)
    form = "users/create.mako"
    config.add_page(creation.show_create, SiteContext, f"{name}/new", template=form, **options)
    config.add_page(creation.create, SiteContext, f"{name}/new", template=form, **changing)
    form = "users/edit.mako"
    config.add_page(editing.show_edit, SiteContext, f"{name}/edit", template=form, rest=True, **options)
    config.add_page(editing.update, SiteContext, f"{name}/edit", template=form, rest=True, **changing)
    config.add_page(editing.set_password, SiteContext, f"{name}/password", template=form, rest=True, **changing)
    form = "users/delete.mako"
    config.add_page(deletion.show_delete, SiteContext, f"{name}/delete", template=form, rest=True, **options)
    config.add_page(deletion.delete, SiteContext, f"{name}/delete", template=form, rest=True, **changing)
    config.add_page(
        belongings.show_belongings,
        SiteContext,
        belongings.PAGE,
        template="users/belongings.mako",
        rest=True,
        **options,
    )
    for verb, view in (
        ("end_session", belongings.end_session),
        ("revoke_token", belongings.revoke_token),
        ("leave_group", belongings.leave_group),
    ):
        config.add_page(view, SiteContext, f"{name}/{verb}", method="POST", rest=True, **options)
    form = "users/allow_list.mako"
    for page, rest, show, save in (
        (allow_lists.SITE_PAGE, False, allow_lists.show_list_of_site, allow_lists.save_list_of_site),
        (allow_lists.USER_PAGE, True, allow_lists.show_list_of_user, allow_lists.save_list_of_user),
    ):
        config.add_page(show, SiteContext, page, template=form, rest=rest, **options)
        config.add_page(save, SiteContext, page, template=form, rest=rest, **changing)
