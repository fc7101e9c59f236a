"""Sending what was written, by the mail server of the .ini."""

import logging

from kallithea.core.settings import Settings
from kallithea.mail.message import Mail, build_message
from kallithea.mail.smtp import SmtpServer, send_message
from kallithea.services.application import Application

log = logging.getLogger(__name__)


def send(application: Application, mail: Mail) -> list[str]:
    """Hand the message to the mail server, if there is one; whom it refused while it took the message for others.

    Raises UnavailableError, MailRefusedError, MailRejectedError.
    """
    settings = application.settings
    if not settings.smtp_server:
        log.info("no smtp_server is set: a message for %d recipients was not sent", len(mail.to))
        return []
    server = SmtpServer(
        settings.smtp_server,
        settings.smtp_port,
        settings.smtp_username,
        settings.smtp_password,
        settings.smtp_use_ssl,
        settings.smtp_use_tls,
    )
    message = build_message(
        mail, sender=settings.app_email_from, prefix=settings.email_prefix, date=application.clock()
    )
    refused = send_message(server, message)
    if refused:
        count = len(refused)
        log.warning("the mail server refused %d of %d recipients of message %s", count, len(mail.to), mail.message_id)
    return refused


def host_of(settings: Settings) -> str:
    """The name of the site's host, for ids of messages."""
    return settings.canonical_url.partition("//")[2].partition("/")[0].partition(":")[0]
