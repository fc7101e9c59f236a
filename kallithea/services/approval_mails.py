"""Mails to administrators about accounts that wait for them."""

import secrets

from kallithea.core.jobs import SendMail
from kallithea.core.words import _
from kallithea.i18n.languages import Languages
from kallithea.model.user import User, active_administrators
from kallithea.services.mail_links import can_send
from kallithea.services.scope import Services

#: A site with more administrators has others to tell them.
_MOST = 50


def ask_for_approval(services: Services, user: User) -> None:
    """Tell each administrator who has an address, in their language, that the account has to be enabled.

    The mails are sent when this unit is committed, one for each, so that nobody learns the addresses of others. A site
    that cannot send any tells nobody.
    """
    settings, languages = services.application.settings, Languages()
    if not can_send(settings):
        return
    address = f"{settings.canonical_url}/_admin/users/edit/{user.user_id}"
    host = settings.canonical_url.partition("//")[2].partition("/")[0].partition(":")[0]
    subject = _("An account waits for you at %(site)s", site=settings.title)
    text = _(
        "%(name)s (%(email)s) has an account at %(site)s now and cannot sign in before you enable it:",
        name=user.name,
        email=user.email or _("no e-mail address"),
        site=settings.title,
    )
    for administrator in services.session.scalars(active_administrators(_MOST)):
        if administrator.email:
            catalog = (languages.find(administrator.language or settings.language) or languages.all[0]).catalog
            words = f"{text.say(catalog)}\n\n{address}\n"
            message_id = f"approval-{user.user_id}-{secrets.token_hex(8)}@{host}"
            services.outbox.add(SendMail((administrator.email,), subject.say(catalog), words, message_id))
