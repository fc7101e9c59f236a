"""Nothing that matters changes in the browser without a row in the audit log."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from pyramid.config import Configurator
from sqlalchemy import select

from kallithea.model.audit import AuditEntry
from kallithea.services.application import Application
from kallithea.services.audit import KINDS
from kallithea.services.work import reading
from kallithea.web.app import add_features
from kallithea.web.csrf import FIELD
from tests.security.audited import NOT_NOTED, STEPS, fill, send
from tests.web.mailing import MailingSite, mailing_site
from tests.web.site import get


@pytest.fixture
def filled(application: Application) -> Iterator[MailingSite]:
    """A site on which all the steps can be done."""
    with mailing_site(application) as site:
        fill(site)
        yield site


def _actions(site: MailingSite, after: int) -> list[tuple[int, str]]:
    noted = select(AuditEntry.audit_entry_id, AuditEntry.action).where(AuditEntry.audit_entry_id > after)
    with reading(site.application) as services:
        return [(row[0], row[1]) for row in services.session.execute(noted.order_by(AuditEntry.audit_entry_id))]


def test_every_page_that_changes_something_is_thought_of() -> None:
    """A new one fails here until the table says how it is done, or why it is not for the log."""
    config = Configurator()
    add_features(config)
    assert STEPS.keys() & NOT_NOTED.keys() == set()
    assert config.registry.pages.names("POST") == STEPS.keys() | NOT_NOTED.keys()


def test_every_page_that_changes_something_leaves_a_row(filled: MailingSite) -> None:
    wrong = []
    for (_context, name), step in STEPS.items():
        made = step.before(filled)
        last = _actions(filled, 0)[-1][0]
        status = send(filled, step, made).status_int
        actions = [action for _, action in _actions(filled, last)]
        if status not in (200, 303) or step.action not in actions:
            wrong.append((name, status, actions))
    assert wrong == []


def test_p42_no_page_changes_something_by_get(filled: MailingSite) -> None:
    last = _actions(filled, 0)[-1][0]
    for step in STEPS.values():
        browser = filled.browser(step.user)
        get(browser, "/_admin/login")
        texts = {name: text.format(made="1") for name, text in step.fields.items()}
        query = urlencode({**texts, FIELD: filled.token(browser), "_method": "POST"})
        get(browser, f"{step.address.format(made='1')}?{query}", headers={"X-HTTP-Method-Override": "POST"})
    assert _actions(filled, last) == []


def test_kinds_of_actions_can_be_chosen() -> None:
    assert {step.action.partition(".")[0] for step in STEPS.values()} <= set(KINDS)
