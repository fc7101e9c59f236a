"""Signing in and out, and the ways to an account."""

from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.pages import UnitOfPage
from kallithea.web.sign_in import password_reset, registration, views


def includeme(config: Any) -> None:
    """Register the pages. What hashes a password opens its units itself."""
    template = "sign_in/sign_in.mako"
    config.add_page(views.show_sign_in, SiteContext, "_admin/login", template=template)
    config.add_page(views.sign_in, SiteContext, "_admin/login", method="POST", template=template, unit=UnitOfPage.OWN)
    config.add_page(views.sign_out, SiteContext, "_admin/logout", method="POST")
    for name, show, change, template, unit in (
        ("register", registration.show_register, registration.create_registration, "register", UnitOfPage.OWN),
        (
            "register_confirmation",
            registration.show_confirmation,
            registration.confirm_registration,
            "register_confirmation",
            None,
        ),
        ("password_reset", password_reset.show_reset, password_reset.ask, "password_reset", None),
        (
            "password_reset_confirmation",
            password_reset.show_new_password,
            password_reset.set_new_password,
            "new_password",
            UnitOfPage.OWN,
        ),
    ):
        config.add_page(show, SiteContext, f"_admin/{name}", template=f"sign_in/{template}.mako")
        config.add_page(
            change, SiteContext, f"_admin/{name}", method="POST", template=f"sign_in/{template}.mako", unit=unit
        )
