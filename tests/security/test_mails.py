"""What others wrote stays text in mails about events, and adds no header and no receiver."""

import re

from kallithea.services.work import writing
from tests.factories.pushes import push
from tests.factories.repositories import RepositoryBuilder
from tests.services import conftest
from tests.services import test_notification_mails as mails
from tests.services.test_notification_mails import HOSTILE, commit, parts, received
from tests.web.mailing import MailingSite

clock, site, builder = conftest.clock, mails.site, mails.builder


def test_p19_p20_what_others_wrote_is_text(site: MailingSite, builder: RepositoryBuilder) -> None:
    push(site.application, "r", "bob", lambda: commit(builder, HOSTILE))
    (message,) = received(site)
    assert message["Bcc"] is None
    assert b"RCPT" not in site.server.received[0].data
    assert site.server.received[0].recipients == ["ada@example.org"]
    text, html = parts(message)
    assert "${7*7}" in text
    assert "<script>" not in html
    assert "49" not in re.sub(r"[0-9a-f]{12,}", "", text + html).replace("event-49", "")


def test_p19_a_name_with_line_breaks_adds_no_header(site: MailingSite, builder: RepositoryBuilder) -> None:
    with writing(site.application) as services:
        for name in ("ada", "bob"):
            services.users.get(name).first_name = "X\r\nBcc: eve@example.org\r\n\r\n<script>"
    push(site.application, "r", "bob", lambda: commit(builder))
    (message,) = received(site)
    assert message["Bcc"] is None
    assert site.server.received[0].recipients == ["ada@example.org"]
    assert "<script>" not in parts(message)[1]
