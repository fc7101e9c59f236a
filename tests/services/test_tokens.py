"""Tokens: shown once, kept as a digest, bounded by their scopes."""

import datetime

import pytest
from sqlalchemy import select

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import InvalidError, NotFoundError
from kallithea.model.token import Token
from kallithea.services.application import Application
from kallithea.services.tokens import ceiling
from kallithea.services.work import reading, writing
from tests.factories.people import Factory


def test_text_has_160_random_bits_and_is_not_stored(application: Application) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        token, text = services.tokens.create(COMMAND_LINE, ada, description="laptop")
        _, other = services.tokens.create(COMMAND_LINE, ada)
    assert text.startswith("kat_")
    assert len(bytes.fromhex(text.removeprefix("kat_"))) == 20
    assert text != other
    assert text.startswith(token.prefix)
    with reading(application) as services:
        row = services.session.scalars(select(Token).where(Token.description == "laptop")).one()
        shown = [row.prefix, row.description, row.scopes, repr(row.digest), *[e.after for e in services.audit.list_()]]
        assert not any(text.removeprefix(token.prefix) in value for value in shown)


@pytest.mark.parametrize(
    ("scopes", "level"),
    [
        (["read"], Level.READ),
        (["write", "read"], Level.WRITE),
        (["write"], Level.WRITE),
        (["admin", "read"], Level.ADMIN),
        (["feed"], Level.NONE),
    ],
)
def test_scopes_bound_the_level(application: Application, scopes: list[str], level: Level) -> None:
    ada = Factory(application).user("ada")
    with writing(application) as services:
        token, _ = services.tokens.create(COMMAND_LINE, ada, scopes=scopes)
    assert ceiling(token.scopes) is level


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "api"]}, "scopes"),
        ({"description": "x" * 256}, "description"),
        ({"expires": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}, "expires"),
    ],
    ids=str,
)
def test_wrong_values_are_named(application: Application, values: dict[str, object], field: str) -> None:
    ada = Factory(application).user("ada")
    with reading(application) as services, pytest.raises(InvalidError) as caught:
        services.tokens.create(COMMAND_LINE, ada, **values)  # type: ignore[arg-type]  # wrong on purpose
    assert list(caught.value.problems) == [field]


def test_tokens_of_others_are_not_found(application: Application) -> None:
    people = Factory(application)
    ada, bob = people.user("ada"), people.user("bob")
    with writing(application) as services:
        token, _ = services.tokens.create(COMMAND_LINE, ada)
    with reading(application) as services:
        assert [row.token_id for row in services.tokens.list_(ada)] == [token.token_id]
        assert services.tokens.list_(bob) == []
        with pytest.raises(NotFoundError):
            services.tokens.get(bob, token.token_id)
