"""Settings of the site in the browser."""

import dataclasses
import stat
from pathlib import Path

import pytest

from kallithea.core.access import Level
from kallithea.core.actor import COMMAND_LINE
from kallithea.core.settings import Settings
from kallithea.core.site_documents import IssueRule
from kallithea.services.application import Application
from kallithea.services.repository_fields import Field
from kallithea.services.work import reading, writing
from kallithea.vcs.types import Kind
from tests.web.site import Browser, Site, form_of, get

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def root(site: Site) -> Browser:
    """Root's browser; everybody reads everything."""
    site.user("root", administrator=True)
    site.grant("visitors", Level.READ)
    return site.browser("root")


def save(browser: Browser, address: str, **fields: str | bool) -> None:
    form = form_of(get(browser, address))
    for name, value in fields.items():
        form[name.replace("__", "-")] = value
    assert form.submit().status_int == 303


def test_title_is_seen_by_every_process_at_its_next_request(site: Site, root: Browser) -> None:
    other = Browser(Site(site.application).pages, extra_environ={"REMOTE_ADDR": "192.0.2.8"})
    assert "<title>Repositories · Kallithea</title>" in get(other, "/").text
    save(root, "/_admin/settings", title=HOSTILE)
    page = get(other, "/").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</title>" in page
    assert HOSTILE not in page
    save(root, "/_admin/settings", title="")
    assert "<title>Repositories · Kallithea</title>" in get(other, "/").text


def test_kept_page_is_not_the_one_of_before(site: Site, root: Browser) -> None:
    site.repository("r").commit({b"a": b"1"})
    visitor = site.browser()
    tag = get(visitor, "/r/changelog").headers["ETag"]
    assert get(visitor, "/r/changelog", headers={"If-None-Match": tag}).status_int == 304
    save(root, "/_admin/settings", title="Haven")
    assert get(visitor, "/r/changelog", headers={"If-None-Match": tag}).status_int == 200


def test_version_can_be_for_administrators_alone(site: Site, root: Browser) -> None:
    foot = "<span>Kallithea 0"
    assert foot in get(site.browser(), "/").text
    save(root, "/_admin/settings", shows_version=False)
    assert foot not in get(site.browser(), "/").text
    assert foot in get(root, "/").text


def test_lists_are_as_long_as_is_set(site: Site, root: Browser) -> None:
    for number in range(12):
        site.repository(f"r{number:02}")
    save(root, "/_admin/settings", list_length="10")
    visitor = site.browser()
    assert get(visitor, "/").text.count('class="strong"') == 10
    assert get(visitor, "/?page=2").text.count('class="strong"') == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "x" * 61},
        {"list_length": "9"},
        {"list_length": "201"},
        {"list_length": "many"},
        {"list_length": "9" * 99},
        {"admin_list_length": "9"},
        {"title": "a\x07b"},
    ],
)
def test_wrong_values_are_shown_again(site: Site, root: Browser, fields: dict[str, str]) -> None:
    form = form_of(get(root, "/_admin/settings"))
    values = {"was": form["was"].value, "title": "", "list_length": "20", "admin_list_length": "20", **fields}
    answer = site.post(root, "/_admin/settings", values)
    assert answer.status_int == 422
    name, value = next(iter(fields.items()))
    assert form_of(answer)[name].value == value
    assert f'id="f-{name}-e"' in answer.text
    with reading(site.application) as services:
        assert services.site_documents.looks.list_length == 50


def test_two_administrators_do_not_overwrite_each_other(site: Site, root: Browser) -> None:
    form, issues = form_of(get(root, "/_admin/settings")), form_of(get(root, "/_admin/settings/issues"))
    save(root, "/_admin/settings", title="First")
    form["title"] = "Second"
    answer = form.submit(expect_errors=True)
    assert answer.status_int == 409
    assert "What is stored now: Title of the site: First." in answer.text
    assert form_of(answer)["title"].value == "Second"
    issues["pattern-0"], issues["address-0"] = r"HAVEN-(\d+)", r"/i/\1"
    assert issues.submit().status_int == 303
    assert form_of(answer).submit().status_int == 303
    with reading(site.application) as services:
        looks = services.site_documents.looks
    assert (looks.title, looks.issues) == ("Second", (IssueRule(r"HAVEN-(\d+)", r"/i/\1"),))


def test_changes_are_audited_and_none_is_none(site: Site, root: Browser) -> None:
    save(root, "/_admin/settings", title="Haven")
    save(root, "/_admin/settings", title="Haven")
    save(root, "/_admin/defaults", kind="hg")
    with reading(site.application) as services:
        entries = [entry for entry in services.audit.list_() if entry.actor_name == "root"]
    assert [(entry.action, entry.target, entry.before, entry.after) for entry in entries] == [
        ("setting.set", "setting:repository-defaults", '{"kind": "git"}', '{"kind": "hg"}'),
        ("setting.set", "setting:looks", '{"title": ""}', '{"title": "Haven"}'),
    ]


@pytest.mark.parametrize("kind", Kind)
def test_issues_are_links_in_messages(site: Site, root: Browser, kind: Kind) -> None:
    site.repository("r", kind).commit({b"a": b"1"}, message=b"see HAVEN-42")
    save(root, "/_admin/settings/issues", pattern__0=r"HAVEN-(\d+)", address__0=r"https://t.example/{repo_name}/\1")
    assert 'href="https://t.example/r/42"' in get(site.browser(), "/r/changeset/tip").text
    save(root, "/_admin/settings/issues", pattern__0="", address__0="")
    assert "t.example" not in get(site.browser(), "/r/changeset/tip").text


def test_text_is_tried_without_saving(site: Site, root: Browser) -> None:
    form = form_of(get(root, "/_admin/settings/issues"))
    form["pattern-0"], form["address-0"], form["sample"] = r"HAVEN-(\d+)", r"/i/\1", f"HAVEN-7 {HOSTILE}"
    answer = form.submit("try")
    assert '<a href="/i/7"' in answer.text
    assert HOSTILE not in answer.text
    with reading(site.application) as services:
        assert services.site_documents.looks.issues == ()
    assert form_of(answer).submit().status_int == 303


def test_wrong_pattern_is_shown_again(site: Site, root: Browser) -> None:
    for name in (None, "try"):
        form = form_of(get(root, "/_admin/settings/issues"))
        form["pattern-0"], form["address-0"] = "(", "/i"
        answer = form.submit(name, expect_errors=True)
        assert answer.status_int == (422 if name is None else 200)
        assert "This is no expression of RE2" in answer.text
        assert form_of(answer)["pattern-0"].value == "("


def test_forms_begin_with_the_defaults_and_rows_have_them(site: Site, root: Browser) -> None:
    save(root, "/_admin/defaults", kind="hg", private=True, downloads=False, statistics=False)
    for address in ("/_admin/create_repository", "/_admin/import_repository"):
        form = form_of(get(root, address))
        assert (form["repo_type"].value, form["repo_private"].checked) == ("hg", True)
    form = form_of(get(root, "/_admin/create_repository"))
    form["repo_name"] = "r"
    form.submit()
    with reading(site.application) as services:
        row = services.repositories.get("r")
    assert (row.kind, row.private, row.downloads, row.statistics) == ("hg", True, False, False)


def test_defaults_that_cannot_be_are_refused(site: Site, root: Browser) -> None:
    was = form_of(get(root, "/_admin/defaults"))["was"].value
    assert site.post(root, "/_admin/defaults", {"was": was, "kind": "svn"}).status_int == 422
    answer = site.post(root, "/_admin/defaults", {"was": "x", "kind": "hg"})
    assert answer.status_int == 409
    assert form_of(answer)["kind"].value == "hg"


def test_no_hooks(root: Browser) -> None:
    page = get(root, "/_admin/settings/hooks").text
    assert "hook_dir" in page
    assert "<table" not in page


def test_hooks_are_shown_and_not_edited(settings: Settings, application: Application, tmp_path: Path) -> None:
    folder = tmp_path / "hooks"
    application = dataclasses.replace(application, settings=dataclasses.replace(settings, hook_dir=folder))
    program = folder / "pre-receive"
    program.parent.mkdir(exist_ok=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    site = Site(application)
    site.user("root", administrator=True)
    page = get(site.browser("root"), "/_admin/settings/hooks").text
    assert str(program) in page
    assert "None that may be run" in page
    assert "<main" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]


def test_extra_fields_and_pictures_can_be_left_out(site: Site, root: Browser) -> None:
    site.repository("r").commit({b"a": b"1"})
    with writing(site.application) as services:
        field = Field("centre", "Cost centre", "4711")
        number = services.repositories.get("r").repository_id
        services.repository_fields.update(COMMAND_LINE, None, number, added=field)
    visitor = site.browser()
    page = get(visitor, "/r").text
    assert ("Cost centre" in page, "k-avatar" in page) == (True, True)
    save(root, "/_admin/settings", shows_fields=False, shows_avatars=False)
    page = get(visitor, "/r").text
    assert ("Cost centre" in page, "k-avatar" in page) == (False, False)


@pytest.mark.parametrize(
    ("template", "visitors", "members"),
    [
        ("", "http://localhost/a%20b", "http://localhost/a%20b"),
        (
            "https://{user}@code.example.org/{repo}",
            "https://code.example.org/a%20b",
            "https://root@code.example.org/a%20b",
        ),
        ("{scheme}://{hostname}:81/{repoid}", "http://localhost:81/_1", "http://localhost:81/_1"),
    ],
)
def test_clone_address_is_as_it_is_written(
    site: Site, root: Browser, template: str, visitors: str, members: str
) -> None:
    site.repository("a b").commit({b"a": b"1"})
    save(root, "/_admin/settings", clone_address=template)
    for browser, address in ((site.browser(), visitors), (root, members)):
        assert get(browser, "/a%20b").html.find(id="clone-address")["value"] == address


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("https://code.example.org/{repo.__class__}", "In braces there can be"),
        ("https://code.example.org/{repo}}", "In braces there can be"),
        ("https://code.example.org/", "It must say which repository"),
        ("javascript:alert(1)//{repo}", "begins with http"),
        ("https://[/{repo}", "begins with http"),
        ("https://code example.org/{repo}", "begins with http"),
    ],
)
def test_clone_address_that_leads_nowhere_is_refused(site: Site, root: Browser, template: str, words: str) -> None:
    form = form_of(get(root, "/_admin/settings"))
    form["clone_address"] = template
    answer = form.submit(expect_errors=True)
    assert (answer.status_int, words in answer.text) == (422, True)
    assert form_of(answer)["clone_address"].value == template


def test_new_repositories_begin_with_a_branch_that_is_named_once_it_is_there(site: Site, root: Browser) -> None:
    save(root, "/_admin/defaults", landing="stable")
    builder = site.repository("r")
    builder.commit({b"a": b"1"})
    assert "stable" not in get(root, "/r").text
    builder.commit({b"b": b"1"}, branch=b"stable")
    assert "stable" in get(root, "/r").text
