"""Trying whether mail arrives."""

import secrets

from kallithea.core.errors import InvalidError
from kallithea.core.jobs import SendMail
from kallithea.core.words import _
from kallithea.web.answers import Response, redirect
from kallithea.web.context import SiteContext
from kallithea.web.request import Request


def send_test(context: SiteContext, request: Request) -> Response:
    """Send a message to who asks, by the worker, as all mail is. Raises InvalidError where there is no address."""
    email = request.visitor.email
    if not email or not request.application.settings.smtp_server:
        raise InvalidError({"email": _("there is no mail server in the .ini, or no e-mail address of your account")})
    title = request.site_title
    # In the language of whoever reads it, who is the one that asks.
    subject = request.reader.say(_("A message from %(site)s to try the mail", site=title))
    text = request.reader.say(_("Mail from %(address)s arrives.", address=request.links.absolute(request.links.home())))
    request.services.outbox.add(SendMail((email,), subject, text, f"{secrets.token_hex(16)}@kallithea"))
    return redirect(request.links.page("_admin/system", mail="sent"))
