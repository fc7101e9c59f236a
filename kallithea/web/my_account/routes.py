"""What people see and choose of their own account."""

from collections.abc import Callable
from typing import Any

from kallithea.web.context import SiteContext
from kallithea.web.my_account import appearance, emails, language, password, profile, repositories, sessions, tokens
from kallithea.web.pages import UnitOfPage


def includeme(config: Any) -> None:
    """Register the pages."""
    _add(config, "_admin/my_account", profile.show_profile, "profile")
    _add_change(config, "_admin/my_account", profile.update_profile, "profile", UnitOfPage.OWN)
    _add(config, "_admin/my_account/language", language.show_language, "language")
    _add_change(config, "_admin/my_account/language", language.choose_language, "language")
    _add(config, "_admin/my_account/appearance", appearance.show_appearance, "appearance")
    _add_change(config, "_admin/my_account/appearance", appearance.choose_appearance)
    _add(config, "_admin/my_account/password", password.show_password, "password")
    _add_change(config, "_admin/my_account/password", password.change_password, "password", UnitOfPage.OWN)
    _add(config, "_admin/my_account/emails", emails.show_emails, "emails")
    _add_change(config, "_admin/my_account/emails", emails.add_email, "emails", UnitOfPage.OWN)
    _add_change(config, "_admin/my_account/emails/delete", emails.delete_email)
    _add_change(config, "_admin/my_account/emails/first", emails.choose_first)
    _add(config, "_admin/my_account/emails/confirm", emails.show_confirmation, "email_confirmation")
    _add_change(config, "_admin/my_account/emails/confirm", emails.confirm_email)
    _add(config, "_admin/my_account/api_keys", tokens.show_tokens, "tokens")
    _add_change(config, "_admin/my_account/api_keys", tokens.create_token, "tokens", UnitOfPage.OWN)
    _add_change(config, "_admin/my_account/api_keys/delete", tokens.revoke_token)
    _add(config, "_admin/my_account/watched", repositories.show_watched, "watched")
    _add_change(config, "_admin/my_account/watched", repositories.choose_watch)
    _add(config, "_admin/my_account/perms", repositories.show_permissions, "permissions")
    config.add_page(repositories.show_own, SiteContext, "_admin/my_account/repos", members=True)
    _add(config, "_admin/my_account/sessions", sessions.show_sessions, "sessions")
    _add_change(config, "_admin/my_account/sessions/delete", sessions.end_session)


def _add(config: Any, name: str, view: Callable[..., Any], template: str) -> None:
    config.add_page(view, SiteContext, name, template=f"my_account/{template}.mako", members=True)


def _add_change(
    config: Any, name: str, view: Callable[..., Any], template: str | None = None, unit: UnitOfPage | None = None
) -> None:
    """What a form does, which is shown again by the template where something is wrong with it."""
    shown = None if template is None else f"my_account/{template}.mako"
    config.add_page(view, SiteContext, name, method="POST", template=shown, unit=unit, members=True)
