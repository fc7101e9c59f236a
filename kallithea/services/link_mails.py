"""The mails that bring links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from kallithea.core.errors import LastingError
from kallithea.core.jobs import SendMail
from kallithea.core.words import Text, _
from kallithea.i18n.languages import Languages
from kallithea.model.mail_link import MailLink
from kallithea.services.application import Application
from kallithea.services.mail_links import Purpose, make_text
from kallithea.services.mailing import host_of
from kallithea.services.work import reading

#: The page that a link leads to.
PAGES = {
    Purpose.EMAIL: "_admin/my_account/emails/confirm",
    Purpose.PASSWORD: "_admin/password_reset_confirmation",
    Purpose.REGISTRATION: "_admin/register_confirmation",
}


@dataclass(frozen=True, slots=True)
class _Words:
    """What stands before the link is said with the title of the site."""

    subject: Text
    before: Callable[[str], Text]
    after: Text


_WORDS: Mapping[Purpose, _Words] = {
    Purpose.EMAIL: _Words(
        _("Confirm your address"),
        lambda site: _(
            "Somebody, most likely you, has added this address to their account at %(site)s. Confirm that:", site=site
        ),
        _("If it was not you, do nothing: nobody can use the address."),
    ),
    Purpose.PASSWORD: _Words(
        _("A new password"),
        lambda site: _(
            "Somebody, most likely you, has forgotten your password at %(site)s. Choose another:", site=site
        ),
        _("If it was not you, do nothing: your password stays as it is."),
    ),
    Purpose.REGISTRATION: _Words(
        _("Confirm your account"),
        lambda site: _(
            "Somebody, most likely you, wants an account at %(site)s with this address. Confirm that:", site=site
        ),
        _("If it was not you, do nothing: no account is made."),
    ),
    Purpose.NOTICE: _Words(
        _("You have an account"),
        lambda _site: _("Somebody, most likely you, wanted another account with this address. Nothing was changed:"),
        _("If you have forgotten the password, the sign-in page leads to another one."),
    ),
}


def write_mail(application: Application, mail_link_id: int) -> SendMail | None:
    """The mail for a link in the language of who asked for it; None where nothing is to be sent.

    Raises LastingError for a link that does not count any more.
    """
    with reading(application) as services:
        link, title = services.session.get(MailLink, mail_link_id), services.site_documents.looks.title
    settings = application.settings
    if link is None or link.purpose == Purpose.NOBODY or not settings.canonical_url:
        return None
    purpose = Purpose(link.purpose)
    if purpose in PAGES and link.expires <= application.clock():
        raise LastingError(_("The link had expired before its mail could be sent."))
    address = settings.canonical_url
    if purpose in PAGES:
        address += f"/{PAGES[purpose]}?{urlencode({'token': make_text(settings.session_secret, link)})}"
    words = _WORDS[purpose]
    languages = Languages()
    language = languages.find(link.language) or languages.all[0]
    until = _("The link counts once, until %(time)s UTC.", time=link.expires.strftime("%Y-%m-%d %H:%M"))
    texts = [words.before(title or settings.title), *([until] if purpose in PAGES else []), words.after]
    before, *after = (text.say(language.catalog) for text in texts)
    return SendMail(
        (link.email,),
        words.subject.say(language.catalog),
        "\n\n".join((before, address, *after)) + "\n",
        f"link-{link.nonce}@{host_of(settings)}",
    )
