"""A site that sends mails over a real SMTP conversation, and what arrives."""

import contextlib
import dataclasses
import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy import select

from kallithea.core.jobs import SendLink
from kallithea.model.outbox import OutboxJob
from kallithea.services.application import Application
from kallithea.services.handlers import send_link
from kallithea.services.job_context import JobContext
from kallithea.services.work import open_application, reading
from tests.mail.smtp_server import MailServer, mail_server
from tests.web.site import Site

#: What the site calls itself in mails.
ADDRESS = "https://code.example.org"


@dataclass
class MailingSite(Site):
    """A site whose mails arrive at ``server``."""

    server: MailServer = dataclasses.field(default_factory=MailServer)
    done: int = 0

    def deliver(self) -> list[EmailMessage]:
        """Run the jobs that send links, as a worker would, and return the mails that have arrived by that."""
        before = len(self.server.received)
        with reading(self.application) as services:
            waiting = select(OutboxJob).where(OutboxJob.kind == "SendLink", OutboxJob.outbox_id > self.done)
            jobs = services.session.scalars(waiting.order_by(OutboxJob.outbox_id)).all()
        for job in jobs:
            link = SendLink(int(re.sub(r"\D", "", job.arguments)))
            send_link(self.application, link, JobContext(self.application, job.outbox_id))
            self.done = job.outbox_id
        parse = email.message_from_bytes
        return [parse(one.data, policy=email.policy.default) for one in self.server.received[before:]]

    def link(self) -> str:
        """The path and query of the link in the one mail that arrives now."""
        [message] = self.deliver()
        return link_of(message)


def link_of(message: EmailMessage) -> str:
    """The path and query of the link in a mail."""
    [address] = re.findall(rf"^{ADDRESS}(/\S+)$", message.get_content(), re.MULTILINE)
    return str(address)


@contextlib.contextmanager
def mailing_site(application: Application) -> Iterator[MailingSite]:
    """A site on the database of an application."""
    with mail_server() as server:
        settings = dataclasses.replace(
            application.settings, smtp_server="127.0.0.1", smtp_port=server.port, canonical_url=ADDRESS
        )
        mailing = open_application(settings)
        try:
            yield MailingSite(mailing, server=server)
        finally:
            mailing.close()
