"""Probes with paths and names that lead out of where they should."""

import pathlib

import pytest

from kallithea.core.access import Level, Viewer
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.errors import InvalidError
from kallithea.services.repository_settings import RepositoryChange
from kallithea.services.scope import Services
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.factories.repositories import Symlink
from tests.web.site import Browser, Site, form_of, get

CLIMBS = (
    "../../../../etc/passwd",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%2f..%2fetc/passwd",
    "%252e%252e%252f%252e%252e%252fetc/passwd",
    "....//....//etc/passwd",
    "..;/..;/etc/passwd",
    "..\\..\\etc\\passwd",
    "%5c..%5c..%5cetc%5cpasswd",
    "/etc/passwd",
    "README.md%00.png",
    "README.md/%00",
    ".git/config",
    ".hg/hgrc",
    "../hgrc",
    "%c0%ae%c0%ae/etc/passwd",
)

BAD_NAMES = (
    "..",
    ".",
    "a/../b",
    "../x",
    "/x",
    ".git",
    ".hg",
    "x.git",
    "X.GIT",
    "x/",
    "a//b",
    "-x",
    "--upload-pack=x",
    "x.",
    "x ",
    " x",
    "x\0y",
    "x\ny",
    "x" * 300,
    "_admin",
    "_1",
    "css",
    "About",
    "evil\u202egpj",
    "a\\b",
    "<b>",
    "a%2fb",
    "a?b",
    "a#b",
)


@pytest.fixture(params=Kind)
def open_site(request: pytest.FixtureRequest, site: Site) -> Site:
    """A repository ``r`` that everybody may read."""
    site.grant("visitors", Level.READ)
    site.repository("r", request.param).commit({b"README.md": b"# hello\n", b"d": Symlink(b"/etc")})
    return site


@pytest.mark.parametrize("climb", CLIMBS)
def test_p01_files_below_the_repository_only(open_site: Site, climb: str) -> None:
    answer = get(open_site.browser(), f"/r/files/tip/{climb}")
    assert answer.status_int == 404
    assert "root:" not in answer.text


@pytest.mark.parametrize("verb", ["raw", "rawfile", "changelog", "changeset", "changeset-diff", "changeset-patch"])
@pytest.mark.parametrize("climb", CLIMBS)
def test_p02_the_same_on_every_page_with_a_path(open_site: Site, verb: str, climb: str) -> None:
    answer = get(open_site.browser(), f"/r/{verb}/tip/{climb}")
    # a path that has no history is an empty list
    assert answer.status_int == 404 or (verb == "changelog" and answer.status_int == 200)
    assert "root:" not in answer.text


@pytest.mark.parametrize("verb", ["compare-file", "compare-lines", "compare-diff"])
@pytest.mark.parametrize("climb", CLIMBS)
def test_p02_the_same_below_a_comparison(open_site: Site, verb: str, climb: str) -> None:
    answer = get(open_site.browser(), f"/r/{verb}/tip...tip/{climb}?old=1&new=1")
    assert answer.status_int == 404
    assert "root:" not in answer.text


@pytest.fixture
def administrator(site: Site) -> Browser:
    """The browser of an administrator."""
    site.user("root", administrator=True)
    return site.browser("root")


@pytest.mark.parametrize("name", BAD_NAMES)
def test_p04_names_that_no_repository_or_group_may_have(site: Site, administrator: Browser, name: str) -> None:
    repositories = site.application.settings.repository_folder
    before = sorted(repositories.parent.rglob("*"))
    for address, fields in (
        ("/_admin/repos", {"repo_name": name, "repo_type": "git"}),
        ("/_admin/repos", {"repo_name": name, "repo_type": "hg"}),
        ("/_admin/repo_groups", {"group_name": name}),
    ):
        answer = site.post(administrator, address, fields)
        assert answer.status_int == 422, address
        assert answer.html.select_one(".k-error") is not None
    with reading(site.application) as services:
        assert services.repository_lists.list_(_everything(services)).total == 0
        assert services.repository_groups.overview(_everything(services)).below(None) == ()
    assert [path for path in sorted(repositories.parent.rglob("*")) if not _is_database(path)] == [
        path for path in before if not _is_database(path)
    ]


#: What the form takes without the blanks around it.
_CLEANED = {"x ", " x"}


@pytest.mark.parametrize("kind", Kind)
def test_p05_names_that_no_repository_can_get(site: Site, administrator: Browser, kind: Kind) -> None:
    site.group("g")
    site.repository("r", kind).commit({b"a": b"1"})
    before = _around(site)
    for name in set(BAD_NAMES) - _CLEANED:
        for fields in ({"repo_name": name, "repo_group": ""}, {"repo_name": "r", "repo_group": name}):
            answer = site.post(administrator, "/r/settings", fields)
            assert answer.status_int == 422, fields
            assert answer.html.select_one(".k-error") is not None
        # the command line takes the path in one piece, where a slash at its beginning says nothing
        for path in (f"g/../{name}", f"../{name}", f"{name}/r", name.removeprefix("/")):
            if path != "x":
                with pytest.raises(InvalidError):
                    _move(site, path)
    assert get(administrator, "/r").status_int == 200
    assert _around(site) == before


def test_p05_names_and_parents_that_no_group_can_get(site: Site, administrator: Browser) -> None:
    site.group("g")
    site.group("h")
    site.repository("h/r", Kind.GIT).commit({b"a": b"1"})
    before = _around(site)
    for name in set(BAD_NAMES) - _CLEANED:
        for fields in ({"group_name": name, "parent_group": ""}, {"group_name": "h", "parent_group": name}):
            answer = site.post(administrator, "/_admin/repo_groups/h/edit", fields)
            assert answer.status_int == 422, fields
            assert answer.html.select_one(".k-error") is not None
    # nor can one lie in itself
    assert (
        site.post(administrator, "/_admin/repo_groups/h/edit", {"group_name": "h", "parent_group": "h"}).status_int
        == 422
    )
    assert get(administrator, "/h/r").status_int == 200
    assert _around(site) == before


def _move(site: Site, path: str) -> None:
    """As ``repository update --move-to`` does."""
    group, _, name = path.rpartition("/")
    with writing(site.application) as services:
        repository_id = services.repositories.get("r").repository_id
        services.repository_settings.update(COMMAND_LINE, None, repository_id, RepositoryChange(name, group))


def test_p05_a_good_name_is_taken(site: Site, administrator: Browser) -> None:
    site.group("g")
    site.repository("r").commit({b"a": b"1"})
    before = _around(site)
    form = form_of(get(administrator, "/r/settings"), "repo_name")
    form["repo_name"], form["repo_group"] = "s", "g"
    assert form.submit().status_int == 303
    assert get(administrator, "/g/s").status_int == 200
    # the folder stays where it is, whatever the name
    assert _around(site) == before


def _around(site: Site) -> list[pathlib.Path]:
    """Everything of the site on the disk but its database, its caches, and what is in the repository ``r``."""
    settings = site.application.settings
    inside = {settings.cache_dir, settings.repository_folder / "r"}
    found = settings.repository_folder.parent.rglob("*")
    return sorted(path for path in found if not _is_database(path) and inside.isdisjoint(path.parents))


def _is_database(path: pathlib.Path) -> bool:
    return path.name.startswith("kallithea.db")


def _everything(services: Services) -> Viewer:
    return services.permissions.viewer_for(services.users.get("root"))


@pytest.mark.parametrize("kind", Kind)
def test_p10_a_symbolic_link_is_never_followed(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", kind)
    builder.commit({b"d": Symlink(b"/etc"), b"p": Symlink(b"/etc/passwd"), b"README.md": Symlink(b"/etc/passwd")})
    for verb in ("files", "raw", "rawfile"):
        for path in ("d/passwd", "d/", "d/../d/passwd", "d%2fpasswd"):
            assert "root:" not in get(site.browser(), f"/r/{verb}/tip/{path}").text
        assert get(site.browser(), f"/r/{verb}/tip/d/passwd").status_int == 404
    assert get(site.browser(), "/r/raw/tip/p").body == b"/etc/passwd"
    assert get(site.browser(), "/r/raw/tip/d").body == b"/etc"
    assert "root:" not in get(site.browser(), "/r").text
