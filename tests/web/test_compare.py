"""Two sides of a history as a page, within a repository and across forks."""

from dataclasses import dataclass

import pytest
from webtest import TestResponse as Answer

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from kallithea.web.compare import views
from tests.factories.repositories import RepositoryBuilder
from tests.statements import counted
from tests.web.site import Browser, Site, form_of, get, links, without_proof


@pytest.fixture(params=Kind)
def kind(request: pytest.FixtureRequest, site: Site) -> Kind:
    site.grant("visitors", Level.READ)
    return Kind(request.param)


@dataclass(frozen=True)
class Forked:
    """A repository ``r`` with ``base`` on top of ``first``, and its fork with ``tip`` on top of ``first`` instead."""

    source: RepositoryBuilder
    fork: RepositoryBuilder
    first: str
    base: str
    tip: str


def _fork(site: Site, kind: Kind, *, private: bool = False) -> Forked:
    source, fork = site.repository("r", kind), site.repository("f", kind, private=private, fork_of="r")
    first, same = (builder.commit({b"a": b"one\n", b"both": b"1\n"}) for builder in (source, fork))
    assert first == same
    base = source.commit({b"a": b"base\n"}, message=b"In the source")
    return Forked(source, fork, first, base, fork.commit({b"b": b"tip\n"}, message=b"In the fork"))


@pytest.fixture
def forked(site: Site, kind: Kind) -> Forked:
    return _fork(site, kind)


def test_viewed_files_are_remembered_for_each_comparison(site: Site, forked: Forked) -> None:
    site.user("ada")
    ada = site.browser("ada")
    address = f"/r/compare/{forked.base}...{forked.tip}?other_repo=f"
    page = get(ada, address).html
    marks, code = page.select_one("form[data-viewed]")["action"], page.select_one(".k-file")["data-code"]
    assert marks == f"/r/changeset-viewed/{forked.first}..{forked.tip}"
    assert site.post(ada, marks, {"file": code, "viewed": "1"}).status_int == 204
    assert get(ada, marks).json == [code]
    direct = get(ada, address.replace("...", "..")).html.select_one("form[data-viewed]")["action"]
    assert [get(ada, other).json for other in (direct, f"/r/changeset-viewed/{forked.tip}")] == [[], []]
    assert not get(site.browser(), address).html.select("form[data-viewed]")
    for wrong in ("..", f"tip..{forked.tip}", f"{forked.first}..", f"{forked.first}...{forked.tip}"):
        assert get(ada, f"/r/changeset-viewed/{wrong}").status_int == 404


@dataclass(frozen=True)
class Branched:
    """A repository ``r``: ``side/x`` has one commit that the default has not, which has one of its own."""

    builder: RepositoryBuilder
    default: str
    first: str
    base: str
    tip: str


@pytest.fixture
def branched(site: Site, kind: Kind) -> Branched:
    builder = site.repository("r", kind)
    first = builder.commit({b"a": b"one\n", b"gone": b"1\n"})
    tip = builder.commit({b"b": b"two\n", b"gone": None}, parents=(first,), branch=b"other", message=b"On the side")
    builder.bookmark(b"side/x", tip)
    base = builder.commit({b"a": b"base\n"}, parents=(first,), message=b"On the default")
    return Branched(builder, "main" if kind is Kind.GIT else "default", first, base, tip)


def _files(page: Answer) -> list[str]:
    return [name.text for name in page.html.select("h2.fn")]


def _commits(page: Answer) -> list[str]:
    return [link.text for link in page.html.select(".k-log a.m")]


def test_three_dots_show_what_the_other_side_brings(site: Site, branched: Branched) -> None:
    page = get(site.browser(), f"/r/compare/{branched.default}...side/x")
    assert page.status_int == 200
    assert _files(page) == ["b", "gone"]
    assert _commits(page) == ["On the side"]
    assert "1 ahead, 1 behind" in page.text
    assert f"/r/changeset/{branched.first}" in page.text


def test_two_dots_compare_the_tips(site: Site, branched: Branched) -> None:
    page = get(site.browser(), f"/r/compare/{branched.default}..side/x")
    assert _files(page) == ["a", "b", "gone"]
    assert _commits(page) == ["On the side"]
    rows = [(row["class"], row.select_one(".src").text) for row in page.html.select("#f1 tr.add, #f1 tr.del")]
    assert rows == [(["del"], "base"), (["add"], "one")]


@pytest.mark.parametrize("address", ["{base}...{tip}", "{base12}...side/x", "...side/x", "{default}...{tip12}"])
def test_a_side_is_a_name_an_id_or_the_default(site: Site, branched: Branched, address: str) -> None:
    names = {"base": branched.base, "tip": branched.tip, "base12": branched.base[:12], "tip12": branched.tip[:12]}
    page = get(site.browser(), f"/r/compare/{address.format(default=branched.default, **names)}")
    assert page.status_int == 200
    assert _files(page) == ["b", "gone"]


def test_ids_have_as_many_digits_as_on_other_pages(site: Site, kind: Kind, branched: Branched) -> None:
    span = f"{branched.base}...{branched.tip}"
    shown = [
        get(site.browser(), f"/r/{page}").html.select(".k-hash")
        for page in (f"compare/{span}", f"compare-file/{span}/b")
    ]
    digits = 8 if kind is Kind.GIT else 12
    sides, (file,) = [link.text for link in shown[0]], shown[1]
    assert {one[:digits] for one in (branched.base, branched.tip, branched.first)} <= set(sides)
    assert file.text == f"{branched.base[:digits]}...{branched.tip[:digits]}"


def test_sides_swapped(site: Site, branched: Branched) -> None:
    browser = site.browser()
    page = get(browser, f"/r/compare/{branched.default}..side/x")
    swapped = page.click("Swap sides")
    assert swapped.request.path == f"/r/compare/side/x..{branched.default}"
    assert _commits(swapped) == ["On the default"]


def test_from_three_dots_to_two_and_back(site: Site, branched: Branched) -> None:
    page = get(site.browser(), f"/r/compare/{branched.default}...side/x")
    direct = page.click("^Tips$")
    assert direct.request.path == f"/r/compare/{branched.default}..side/x"
    assert direct.click("Since the common ancestor").request.path == page.request.path


def test_the_same_commit_on_both_sides(site: Site, branched: Branched) -> None:
    page = get(site.browser(), f"/r/compare/side/x...{branched.tip}")
    assert page.status_int == 200
    assert "Both sides are the same commit." in page.text
    assert _commits(page) == []


def test_a_side_that_brings_nothing(site: Site, branched: Branched) -> None:
    page = get(site.browser(), f"/r/compare/side/x...{branched.first}")
    assert "The base has all commits of the other side already." in page.text
    assert "0 ahead, 1 behind" in page.text


def test_commits_that_undo_each_other(site: Site, branched: Branched) -> None:
    undone = branched.builder.commit({b"b": None, b"gone": b"1\n"}, parents=(branched.tip,), branch=b"other")
    page = get(site.browser(), f"/r/compare/{branched.first}...{undone}")
    assert "The commits change nothing in the end." in page.text
    assert "Both sides hold the same files." in get(site.browser(), f"/r/compare/{branched.first}..{undone}").text


def test_sides_without_a_common_commit(site: Site, branched: Branched) -> None:
    root = branched.builder.commit({b"a": b"root\n"}, parents=(), branch=b"orphan", message=b"Another root")
    browser = site.browser()
    page = get(browser, f"/r/compare/{branched.base}...{root}")
    assert page.status_int == 200
    assert "have no commit in common" in page.text
    assert _commits(page) == ["Another root"]
    assert _files(page.click("Compare the tips")) == ["a", "gone"]
    for address in (f"/r/compare-diff/{branched.base}...{root}", f"/r/compare-file/{branched.base}...{root}/a"):
        answer = get(browser, address)
        assert answer.status_int == 404
        assert "no commit in common" in answer.text


@pytest.mark.parametrize("name", ["nothing", "main^", "HEAD~1", "--all", "0" * 40, "%FF", "a%0Ab"])
def test_a_side_that_is_not_there(site: Site, branched: Branched, name: str) -> None:
    for address in (f"/r/compare/{name}...side/x", f"/r/compare/side/x..{name}"):
        answer = get(site.browser(), address)
        assert answer.status_int == 404
        assert "Nothing in r is called" in answer.text


@pytest.mark.parametrize(
    "address", ["/r/compare/side", "/r/compare-file/side/x", "/r/compare-diff/x", "/r/compare-lines/x/a"]
)
def test_an_address_without_dots_is_no_comparison(site: Site, branched: Branched, address: str) -> None:
    assert get(site.browser(), address).status_int == 404


def test_an_empty_repository(site: Site, kind: Kind) -> None:
    site.repository("r", kind)
    page = get(site.browser(), "/r/compare")
    assert page.status_int == 200
    assert "r is empty: there is nothing to compare." in page.text
    answer = get(site.browser(), "/r/compare/...")
    assert answer.status_int == 404
    assert "r is empty" in answer.text


def test_many_commits_come_page_by_page(site: Site, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    builder = site.repository("r", kind)
    ids = [builder.commit({b"a": b"%d\n" % number}, message=b"Number %d" % number) for number in range(6)]
    page = get(site.browser(), f"/r/compare/{ids[0]}...{ids[5]}?whitespace=all")
    assert _commits(page) == ["Number 5", "Number 4"]
    older = page.click("3 more: show")
    assert _commits(older) == ["Number 3", "Number 2"]
    assert _commits(older.click("1 more: show")) == ["Number 1"]
    assert _commits(older.click("Newer")) == ["Number 5", "Number 4"]
    assert "5 commits" in page.text or "5 changesets" in page.text


def test_raw_text_is_that_of_the_page(site: Site, branched: Branched) -> None:
    browser = site.browser()
    raw = get(browser, f"/r/compare-diff/{branched.base}...{branched.tip}")
    assert raw.content_type == "text/plain"
    assert "sandbox" in raw.headers["Content-Security-Policy"]
    assert "\n+two\n" in raw.text
    assert "base" not in raw.text
    one = get(browser, f"/r/compare-diff/{branched.base}...{branched.tip}/gone")
    assert "\n-1\n" in one.text
    assert "two" not in one.text
    assert get(browser, f"/r/compare-diff/{branched.base}...{branched.tip}/nowhere").status_int == 404


def test_one_file_as_a_page_and_as_a_part(site: Site, branched: Branched) -> None:
    lines = [b"%d\n" % number for number in range(1, 101)]
    base = branched.builder.commit({b"d/long": b"".join(lines)}, parents=(branched.tip,), branch=b"other")
    lines[49] = b"fifty\n"
    tip = branched.builder.commit({b"d/long": b"".join(lines)}, branch=b"other")
    browser = site.browser()
    whole = get(browser, f"/r/compare/{base}...{tip}").html
    (more,) = [link["href"] for link in whole.select(".acts a") if link.text == "More lines"]
    page = get(browser, more)
    assert page.html.h1.text == "d/long"
    assert len(page.html.select(".k-diff tr[id]")) == 52
    part = get(browser, f"{more}&part=1")
    assert not part.html.select("html head title")
    (table,) = whole.select("table.k-diff")
    unchanged = get(
        browser,
        f"{table['data-lines']}&old=1&new=1&last=46"
        if "?" in table["data-lines"]
        else f"{table['data-lines']}?old=1&new=1&last=46",
    )
    assert unchanged.status_int == 200
    assert "46" in unchanged.text
    assert get(browser, f"/r/compare-file/{base}...{tip}/a").status_int == 404


def test_old_addresses_lead_to_ours(site: Site, branched: Branched) -> None:
    browser, shelf = site.browser(), "branch" if branched.default == "main" else "book"
    old = f"/r/compare/branch@{branched.default}...{shelf}@side/x"
    assert get(browser, old).headers["Location"] == f"/r/compare/{branched.default}..side/x"
    assert get(browser, f"{old}?merge=1").headers["Location"] == f"/r/compare/{branched.default}...side/x"
    assert get(browser, f"/r/compare/rev@{branched.base}...tag@none").status_int == 404


def test_across_forks(site: Site, forked: Forked) -> None:
    browser = site.browser()
    page = get(browser, f"/r/compare/{forked.base}...{forked.tip}?other_repo=f")
    assert page.status_int == 200
    assert _files(page) == ["b"]
    assert _commits(page) == ["In the fork"]
    assert "1 ahead, 1 behind" in page.text
    assert f"/f/changeset/{forked.tip}" in page.text
    tips = page.click("^Tips$")
    assert _files(tips) == ["a", "b"]
    back = tips.click("Swap sides")
    assert back.request.path_qs == f"/f/compare/{forked.tip}..{forked.base}?other_repo=r"
    assert _commits(back) == ["In the source"]


@pytest.mark.parametrize("names", ["...", "{base}...", "{base}..", "..{tip}"])
def test_all_links_of_a_page_across_forks_lead_somewhere(site: Site, forked: Forked, names: str) -> None:
    browser = site.browser()
    page = get(browser, f"/r/compare/{names.format(base=forked.base, tip=forked.tip)}?other_repo=f")
    answers = {address: get(browser, address).status_int for address in links(page) if address[:2] in ("/r", "/f")}
    assert [address for address, status in answers.items() if status != 200] == []


def test_a_commit_is_looked_up_in_its_own_repository(site: Site, forked: Forked) -> None:
    browser = site.browser()
    for address in (f"/r/compare/{forked.tip}...{forked.base}", f"/r/compare/{forked.tip}..{forked.base}"):
        assert get(browser, f"{address}?other_repo=f").status_int == 404
        assert get(browser, address).status_int == 404
    assert get(browser, f"/r/compare-lines/{forked.base}...{forked.base}/a?other_repo=f&old=1&new=1").status_int == 404
    assert get(browser, f"/r/compare-diff/{forked.base}..{forked.tip}").status_int == 404
    assert get(browser, f"/f/compare-diff/{forked.base}..{forked.tip}").status_int == 404


@pytest.mark.parametrize(
    "page", ["compare/...", "compare/{base}...{tip}", "compare-file/{base}...{tip}/b", "compare-diff/{base}..{tip}"]
)
def test_a_private_fork_is_like_one_that_is_not_there(site: Site, kind: Kind, page: str) -> None:
    forked = _fork(site, kind, private=True)
    site.user("ada")
    browser, answers, asked = site.browser("ada"), [], []
    address = f"/r/{page.format(base=forked.base, tip=forked.tip)}"
    for name in ("f", "x"):
        with counted(site.application.engine) as statements:
            answers.append(get(browser, f"{address}?other_repo={name}"))
        asked.append(statements)
    assert answers[0].status_int == 404
    assert without_proof(answers[0].body) == without_proof(answers[1].body)
    assert answers[0].headerlist == answers[1].headerlist
    assert asked[0] == asked[1]


def test_what_was_compared_is_not_kept_for_others(site: Site, kind: Kind) -> None:
    forked = _fork(site, kind, private=True)
    site.user("ada")
    site.grant("ada", Level.READ, "f")
    browser, address = site.browser("ada"), f"/r/compare/{forked.base}...{forked.tip}?other_repo=f"
    seen = get(browser, address)
    assert seen.status_int == 200
    tag = {"If-None-Match": seen.headers["ETag"]}
    assert get(browser, address, headers=tag).status_int == 304
    assert get(site.browser(), address, headers=tag).status_int == 404
    assert get(site.browser(), f"/r/compare/{forked.base}...{forked.tip}").status_int == 404
    site.grant("ada", Level.NONE, "f")
    assert get(browser, address, headers=tag).status_int == 404


def test_a_page_is_sent_again_when_either_side_has_moved(site: Site, forked: Forked) -> None:
    browser, address = site.browser(), "/r/compare/...?other_repo=f"
    first = get(browser, address)
    assert get(browser, address, headers={"If-None-Match": first.headers["ETag"]}).status_int == 304
    for builder in (forked.source, forked.fork):
        builder.commit({b"new": b"1\n"}, message=b"Later")
        again = get(browser, address, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_int == 200
        first = again
    assert "Later" in first.text


@pytest.mark.parametrize("other", ["", "r", "R", "r/"])
def test_the_repository_itself_may_be_named_as_the_other(site: Site, branched: Branched, other: str) -> None:
    page = get(site.browser(), f"/r/compare/{branched.default}...side/x?other_repo={other}")
    assert page.status_int == 200
    assert "other_repo" not in page.html.select_one("a.ms-auto")["href"]


@pytest.mark.parametrize("other", ["g", "r/files", "..", "%00", "%FF", "_999", "k"])
def test_what_cannot_be_the_other_repository(site: Site, branched: Branched, other: str) -> None:
    site.group("g")
    site.repository("k", Kind.HG if branched.default == "main" else Kind.GIT).commit({b"a": b"1"})
    assert get(site.browser(), f"/r/compare/...?other_repo={other}").status_int == 404


def test_the_form_leads_to_a_comparison(site: Site, forked: Forked) -> None:
    page = get(site.browser(), "/r/compare")
    form = form_of(page, "base")
    assert [option[0] for option in form["other_repo"].options] == ["r", "f"]
    form["base"], form["tip"] = forked.base[:10], ""
    form["other_repo"], form["dots"] = "f", "2"
    answer = form.submit("show")
    default = "main" if forked.source.kind is Kind.GIT else "default"
    assert answer.headers["Location"] == f"/r/compare/{forked.base[:10]}..{default}?other_repo=f"
    shown = answer.follow()
    assert _files(shown) == ["a", "b"]
    again = form_of(shown.click("Choose other sides"), "base")
    assert (again["base"].value, again["tip"].value) == (forked.base[:10], default)
    assert (again["other_repo"].value, again["dots"].value) == ("f", "2")


def test_the_form_says_what_is_not_there(site: Site, branched: Branched) -> None:
    for address in ("/r/compare?base=nothing&show=1", "/r/compare?tip=nothing"):
        answer = get(site.browser(), address)
        assert answer.status_int == 404
        assert "Nothing in r is called “nothing”." in answer.text


def test_the_form_offers_no_fork_that_the_visitor_may_not_read(site: Site, kind: Kind) -> None:
    _fork(site, kind, private=True)
    page = get(site.browser(), "/r/compare")
    assert "other_repo" not in form_of(page, "base").fields
    assert "/f" not in links(page)


def test_the_form_shows_a_fork_that_has_just_come(site: Site, kind: Kind) -> None:
    site.repository("r", kind).commit({b"a": b"1\n"})
    assert "ETag" not in get(site.browser(), "/r/compare").headers


def test_menus_lead_to_the_comparison_with_another_ref(site: Site, forked: Forked) -> None:
    forked.fork.bookmark(b"mark", forked.first)
    forked.source.bookmark(b"stone", forked.first)
    browser = site.browser()
    page = get(browser, f"/r/compare/{forked.base}..{forked.tip}?other_repo=f")
    base, tip = (_menu(browser, menu["data-refs"]) for menu in page.html.select("details[data-refs]"))
    assert base["stone"] == f"/r/compare/stone..{forked.tip}?other_repo=f"
    assert tip["mark"] == f"/r/compare/{forked.base}..mark?other_repo=f"
    assert {get(browser, address).status_int for address in (*base.values(), *tip.values())} == {200}


def _menu(browser: Browser, address: str) -> dict[str, str]:
    return {link.text.strip(): link["href"] for link in get(browser, address).html.select("a")}


def test_each_branch_leads_to_its_comparison_with_the_default(site: Site, branched: Branched) -> None:
    page = get(site.browser(), "/r/branches")
    compared = {link["href"] for link in page.html.select("a[href*='/compare/']")}
    assert "/r/compare/...side/x" in compared
    assert f"/r/compare/...{branched.default}" not in compared


def test_the_changelog_leads_to_the_form(site: Site, branched: Branched) -> None:
    page = get(site.browser(), "/r/changelog").click("Compare")
    assert page.request.path == "/r/compare"


def test_names_that_mean_something_in_an_address_are_replaced_by_ids(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    builder.commit({b"a": b"1\n"})
    odd = builder.commit({b"a": b"2\n"}, branch=b"a..b")
    compared = {link["href"] for link in get(site.browser(), "/r/branches").html.select("a[href*='/compare/']")}
    assert compared == {f"/r/compare/...{odd}"}


def test_white_space_and_context_options_go_on_to_the_parts(site: Site, kind: Kind) -> None:
    builder = site.repository("r", kind)
    base = builder.commit({b"a": b"a b\n", b"b": b"1\n"})
    tip = builder.commit({b"a": b"a  b\n", b"b": b"2\n"})
    page = get(site.browser(), f"/r/compare/{base}...{tip}?whitespace=all&layout=split")
    assert "Only white space was changed." in page.text
    assert page.html.select("table.split")
    raw = get(site.browser(), f"/r/compare-diff/{base}...{tip}?whitespace=all")
    assert "a  b" not in raw.text


def test_search_engines_leave_comparisons_alone(site: Site, branched: Branched) -> None:
    for verb in ("compare", "compare-diff"):
        answer = get(site.browser(), f"/r/{verb}/{branched.base}...{branched.tip}")
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_diff_that_is_known_is_not_read_again(
    site: Site, branched: Branched, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/r/compare/{branched.base}...{branched.tip}"
    first = get(site.browser(), address)
    monkeypatch.setattr(views, "read_page", None)
    assert get(site.browser(), address).body == first.body
