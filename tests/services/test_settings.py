"""Settings of the site."""

import pytest

from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import InvalidError
from kallithea.services.application import Application
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
