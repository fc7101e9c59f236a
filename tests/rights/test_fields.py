"""Names that somebody writes into forms and addresses: those of what is hidden are answered like those of nothing."""

from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import quote_plus

import pytest

from kallithea.core.access import SIGNED_IN, Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.allowances import Allowance
from kallithea.services.application import Application
from kallithea.services.work import writing
from tests.statements import counted
from tests.web.site import Browser, Site, get, without_proof, without_typed

Told: TypeAlias = tuple[int, bytes, list[tuple[str, str]], list[str]]

#: What is there and hidden, then what is not there, of one length.
REPOSITORIES = ("a/b/git", "a/b/zzz", "a/z/git", "z/b/git")
GROUPS = ("a/b", "a/z", "z/b")
ACCOUNTS = ("went-away", "never-was")
USER_GROUPS = ("hidden-ones", "absent-ones")
#: Ids, the first of which is that of the hidden group of users, or of the disabled account.
USER_GROUP_IDS, ACCOUNT_IDS = ("2", "9"), ("2", "9")


@dataclass(frozen=True)
class Field:
    """A form whose ``name`` is filled with each of the texts, set into ``words``; or without fields an address.

    ``keys`` are fields with each of the texts in their names.
    """

    address: str
    texts: tuple[str, ...]
    name: str = ""
    words: str = "{}"
    fields: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


MY, ADMIN = "/_admin/my_account", "/_admin"
_NEW, _REMOTE = "{}/new", {"clone_uri": "https://example.org/r", "repo_type": "git"}
_MINE = {"repo_name": "mine", "repo_description": ""}

FIELDS = (
    Field(f"{MY}/watched", REPOSITORIES, "repository", fields={"level": "everything"}),
    Field(f"{MY}/api_keys", REPOSITORIES, "repositories", fields={"description": "x", "scope-read": "1"}),
    Field(f"{ADMIN}/repos", GROUPS, "repo_name", _NEW, {"repo_type": "git"}),
    Field(f"{ADMIN}/repos", REPOSITORIES, "repo_name", _NEW, {"repo_type": "git"}),
    Field(f"{ADMIN}/repo_groups", GROUPS, "group_name", _NEW),
    Field(f"{ADMIN}/import_repository", GROUPS, "repo_name", _NEW, _REMOTE),
    Field("/mine/settings", GROUPS, "repo_group", fields=_MINE),
    Field("/mine/settings", ACCOUNTS, "owner", fields=_MINE),
    Field("/mine/settings/permissions", ACCOUNTS, "add", fields={"add_level": "read"}),
    Field("/mine/settings/permissions", USER_GROUPS, "add", fields={"add_level": "read"}),
    Field("/mine/settings/permissions", USER_GROUPS, "add", "user-group:{}", {"add_level": "read"}),
    *(
        Field("/mine/settings/permissions", ids, keys={f"level-{kind}:{{}}": "write", f"was-{kind}:{{}}": was})
        for kind, ids in (("user-group", USER_GROUP_IDS), ("user", ACCOUNT_IDS))
        for was in ("read", "inherited:none")
    ),
    Field("/mine/settings/permissions/names?q={}", USER_GROUPS),
    Field(f"{ADMIN}/user_groups?f={{}}", USER_GROUPS),
    *(Field(f"{ADMIN}/user_groups/{name}/{{}}", USER_GROUP_IDS) for name in ("members", "edit", "permissions")),
    Field(f"{ADMIN}/user_groups/edit/1", ACCOUNTS, "owner", fields={"name": "makers"}),
    *(Field(f"{ADMIN}/user_groups/{name}/1", ACCOUNTS, "member") for name in ("members", "remove")),
    Field("/mine/fork", GROUPS, "repo_group", fields={"repo_name": "copy"}),
    Field(f"{ADMIN}/repo_groups/ours/edit", GROUPS, "parent_group", fields={"group_name": "ours"}),
    Field(f"{ADMIN}/repo_groups/ours/edit", ACCOUNTS, "owner", fields={"group_name": "ours"}),
    Field(f"{ADMIN}/user_groups/new", ACCOUNTS, "owner", fields={"name": "others"}),
    Field("/mine/compare?other_repo={}", REPOSITORIES),
    Field("/_search?q=x+repository:{}", REPOSITORIES),
    Field(f"{ADMIN}/journal?repository={{}}", REPOSITORIES),
    Field(f"{ADMIN}/public_journal?repository={{}}", GROUPS),
)


@pytest.fixture
def site(application: Application) -> Site:
    """Somebody who may make everything, owns some, and may not know of the rest."""
    site = Site(application)
    for name in ("maker", "went-away"):
        site.user(name)
    site.group("a")
    site.group("a/b")
    for path in ("a/b/git", "mine"):
        site.repository(path).commit({b"a": b"1"})
    site.group("ours")
    site.allow("maker", *Allowance)
    site.grant("maker", Level.ADMIN, "mine")
    site.grant("maker", Level.ADMIN, "ours")
    with writing(application) as services:
        services.users.disable(COMMAND_LINE, services.users.get("went-away"))
        services.user_groups.create(COMMAND_LINE, None, name="makers", owner=services.users.get("maker"))
        hidden = services.user_groups.create(COMMAND_LINE, None, name="hidden-ones")
        services.permissions.set_(COMMAND_LINE, hidden, SIGNED_IN, Level.NONE)
    # what is noted in the background would be among the statements of whatever is asked at that moment
    application.later.close()
    return site


def test_names_of_what_is_hidden_are_answered_like_those_of_nothing(site: Site) -> None:
    browser, differing = site.browser("maker"), []
    get(browser, "/_admin/my_account")
    for case in FIELDS:
        # the first time, pages find what they keep
        _told(site, browser, case, case.texts[-1])
        hidden, *absent = [_told(site, browser, case, text) for text in case.texts]
        differing += [(case.address, case.name, *_difference(hidden, told)) for told in absent if told != hidden]
    assert differing == []


def _told(site: Site, browser: Browser, case: Field, text: str) -> Told:
    """All that somebody can learn, without the text itself if it is a name, and what the database was asked."""
    with counted(site.application.engine) as statements:
        if case.keys:
            answer = site.post(browser, case.address, {key.format(text): value for key, value in case.keys.items()})
        elif case.name:
            answer = site.post(browser, case.address, {**case.fields, case.name: case.words.format(text)})
        else:
            answer = get(browser, case.address.format(text))
    body = without_proof(answer.body)
    if answer.status_int == 404:
        body = without_typed(body, case.address.format(text))
    if not text.isdigit():
        body = body.replace(text.encode(), b"TEXT").replace(quote_plus(text).encode(), b"TEXT")
    return answer.status_int, body, answer.headerlist, statements


def _difference(one: Told, other: Told) -> list[object]:
    """The lines of the pages that differ, or what else does."""
    lines = zip(one[1].splitlines(), other[1].splitlines(), strict=False)
    return [pair for pair in (*lines, (one[0], other[0]), *zip(one[2:], other[2:], strict=True)) if pair[0] != pair[1]]
