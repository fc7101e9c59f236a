"""Settings of the site."""

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import ConflictError, InvalidError
from kallithea.core.record_marks import mark_of
from kallithea.core.site_documents import IssueRule, Looks, values_of
from kallithea.services.application import Application
from kallithea.services.settings import Registration, SiteSetting
from kallithea.services.work import reading, writing


def test_visitors_are_not_admitted_until_somebody_says_so(application: Application) -> None:
    with reading(application) as services:
        assert not services.settings.visitors
        assert services.settings.get("visitors", "nothing") == "nothing"
    for value in ("true", "false", "true"):
        with writing(application) as services:
            services.settings.set_(COMMAND_LINE, "visitors", value)
    with reading(application) as services:
        assert services.settings.visitors
        assert services.audit.list_()[0].before == '{"value": "false"}'


@pytest.mark.parametrize(
    ("name", "value", "words"), [("visitor", "true", "there are: visitors"), ("visitors", "yes", "true, false")]
)
def test_wrong_settings_are_refused_in_words(application: Application, name: str, value: str, words: str) -> None:
    with writing(application) as services, pytest.raises(InvalidError, match=words):
        services.settings.set_(COMMAND_LINE, name, value)


def test_setting_that_somebody_else_changed_is_kept(every_application: Application) -> None:
    with writing(every_application) as services:
        services.settings.replace_(COMMAND_LINE, SiteSetting.REGISTRATION, "off", "approval")
    with writing(every_application) as services, pytest.raises(ConflictError, match="Somebody else"):
        services.settings.replace_(COMMAND_LINE, SiteSetting.REGISTRATION, "off", "automatic")
    with reading(every_application) as services:
        assert services.settings.registration is Registration.APPROVAL
        assert len(services.audit.list_()) == 1


def test_documents_are_kept_on_every_engine(every_application: Application) -> None:
    looks = Looks("Håvn \N{ANCHOR}", issues=(IssueRule(r"HAVEN-(\d+)", r"/i/\1"),))
    change = {"title": looks.title, "issues": looks.issues}
    with writing(every_application) as services:
        services.site_documents.change_looks(COMMAND_LINE, mark_of(values_of(Looks(), change)), change)
    with writing(every_application) as services, pytest.raises(ConflictError, match="Somebody else"):
        services.site_documents.change_looks(COMMAND_LINE, mark_of(values_of(Looks(), ["title"])), {"title": "B"})
    with reading(every_application) as services:
        assert services.site_documents.looks == looks


def test_too_many_patterns_and_too_long_ones_are_refused(application: Application) -> None:
    rule = IssueRule("a", "/")
    for issues, field in (((rule,) * 21, "issues"), ((IssueRule("a" * 501, "/"),), "issues-0")):
        with writing(application) as services, pytest.raises(InvalidError) as raised:
            services.site_documents.change_looks(COMMAND_LINE, None, {"issues": issues})
        assert field in raised.value.problems
