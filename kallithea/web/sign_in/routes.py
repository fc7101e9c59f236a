"""Signing in and out."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.sign_in import views


def includeme(config: Any) -> None:
    """Register the pages."""
    template = "sign_in/sign_in.mako"
    config.add_page(views.show_sign_in, SiteContext, "_admin/login", template=template)
    config.add_page(views.sign_in, SiteContext, "_admin/login", method="POST", template=template, unit=UnitOfPage.OWN)
    config.add_page(views.sign_out, SiteContext, "_admin/logout", method="POST")
