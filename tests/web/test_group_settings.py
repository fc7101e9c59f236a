"""Whoever administers a group runs what lies in it, and nothing else."""

import pytest

from kallithea.core.access import Level
from kallithea.services.work import reading
from tests.web.site import Site, form_of, get


@pytest.fixture
def delegated(site: Site) -> Site:
    """Ada administers the groups ``a`` and ``c``; what lies in ``a`` is a group and a repository in it."""
    site.user("ada")
    site.user("bob")
    for path in ("a", "a/inner", "c", "x"):
        site.group(path)
    site.repository("a/inner/code")
    for path in ("a", "c"):
        site.grant("ada", Level.ADMIN, path)
    site.grant("ada", Level.READ, "x")
    return site


def paths(site: Site) -> set[str]:
    """Where everything is that ada may see."""
    with reading(site.application) as services:
        viewer = services.permissions.viewer_for(services.users.get("ada"))
        groups = {group.path for group in services.repository_groups.list_(viewer)}
        found = services.repositories.find("a/inner/code") or services.repositories.find("c/deep/code")
        return groups | ({found.path} if found is not None else set())


def test_a_group_is_moved_with_everything_in_it(delegated: Site) -> None:
    browser = delegated.browser("ada")
    form = form_of(get(browser, "/a/inner").click("Settings", href="/edit$"))
    assert [value for value, *_ in form["parent_group"].options] == ["a", "c"]
    form["parent_group"], form["group_name"], form["group_description"] = "c", "deep", "Deep."
    saved = form.submit().follow()
    assert "The settings are saved." in saved.text
    assert saved.request.path == "/_admin/repo_groups/c/deep/edit"
    assert paths(delegated) == {"a", "c", "c/deep", "c/deep/code", "x"}
    assert get(browser, "/c/deep/code").status_int == 200
    assert get(browser, "/a/inner/code").status_int == 404
    with reading(delegated.application) as services:
        entry = services.audit.list_(limit=1)[0]
    assert (entry.action, entry.target) == ("repository-group.update", "group:a/inner")
    assert entry.after == '{"description": "Deep.", "moved_repositories": 1, "path": "c/deep"}'


def test_moving_changes_rights_at_once(delegated: Site) -> None:
    delegated.grant("bob", Level.READ, "c")
    bob = delegated.browser("bob")
    assert get(bob, "/a/inner/code").status_int == 404
    form = form_of(get(delegated.browser("ada"), "/_admin/repo_groups/a/inner/edit"))
    form["parent_group"] = "c"
    form.submit()
    assert get(bob, "/c/inner/code").status_int == 200


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"parent_group": "x"}, 422, "You may not make groups there"),
        ({"parent_group": ""}, 422, "You may not make groups there"),
        ({"parent_group": "hidden"}, 422, "There is no repository group"),
        ({"parent_group": "a/inner"}, 422, "A group cannot lie in itself"),
        ({"group_name": "b/c"}, 422, "k-error"),
        ({"group_name": "other"}, 409, "exists already"),
        ({"owner": "nobody"}, 422, "is none"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    delegated: Site, fields: dict[str, str], status: int, words: str
) -> None:
    delegated.group("hidden")
    delegated.group("a/other")
    fields = {"group_name": "inner", "parent_group": "a", "owner": "", "group_description": "new", **fields}
    refused = delegated.post(delegated.browser("ada"), "/_admin/repo_groups/a/inner/edit", fields)
    assert (refused.status_int, words in refused.text) == (status, True)
    with reading(delegated.application) as services:
        assert services.repository_groups.get("a/inner").description == ""


def test_name_and_owner_change_where_nothing_is_moved(delegated: Site) -> None:
    form = form_of(get(delegated.browser("ada"), "/_admin/repo_groups/a/edit"))
    form["group_name"], form["owner"] = "A", "bob"
    form.submit()
    with reading(delegated.application) as services:
        group = services.repository_groups.get("a")
        assert (group.path, group.owner_id) == ("A", services.users.get("bob").user_id)
        assert services.repositories.get("a/inner/code").path == "A/inner/code"


def test_only_an_empty_group_is_deleted(delegated: Site) -> None:
    browser = delegated.browser("ada")
    refused = form_of(get(browser, "/_admin/repo_groups/a/edit/delete")).submit(expect_errors=True)
    assert refused.status_int == 409
    assert "The group is not empty" in refused.text
    assert form_of(get(browser, "/_admin/repo_groups/c/edit/delete")).submit().status_int == 303
    assert "c" not in paths(delegated)


def test_others_may_not(delegated: Site) -> None:
    delegated.grant("bob", Level.WRITE, "a")
    bob = delegated.browser("bob")
    for page in ("edit", "edit/delete"):
        assert delegated.post(bob, f"/_admin/repo_groups/a/{page}", {}).status_int == 403
        assert delegated.post(bob, f"/_admin/repo_groups/c/{page}", {}).status_int == 404
        assert delegated.post(delegated.browser("ada"), f"/_admin/repo_groups/x/{page}", {}).status_int == 403
