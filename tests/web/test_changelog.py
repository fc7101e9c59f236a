"""The history as a page."""

from collections.abc import Iterator

import pytest

from kallithea.core.access import Level
from kallithea.services import changelog
from kallithea.vcs.git import log as git_log
from kallithea.vcs.hg import log as hg_log
from kallithea.vcs.types import Kind, LimitExceededError
from kallithea.web.changelog import views
from tests.factories.repositories import ADA, BOB, GitBuilder, HgBuilder, RepositoryBuilder
from tests.vcs.git.test_damage import damage, loose
from tests.web.site import Site, get


@pytest.fixture(params=Kind)
def builder(request: pytest.FixtureRequest, site: Site) -> RepositoryBuilder:
    site.grant("visitors", Level.READ)
    return site.repository("r", request.param)


def _messages(site: Site, address: str) -> list[str]:
    return [link.text for link in get(site.browser(), address).html.select("a.m")]


def test_commits_are_listed_newest_first_by_pages(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(55):
        builder.commit({b"f": b"%d" % number}, message=b"number %d" % number)
    first, second = _messages(site, "/r/changelog"), _messages(site, "/r/changelog?page=2")
    assert (len(first), first[0], first[-1]) == (50, "number 54", "number 5")
    assert second == [f"number {number}" for number in range(4, -1, -1)]


def test_a_page_links_to_the_next_one_of_the_same_commit(site: Site, builder: RepositoryBuilder) -> None:
    last = ""
    for number in range(51):
        last = builder.commit({b"f": b"%d" % number})
    older = get(site.browser(), "/r/changelog").html.find("a", string="Older")["href"]
    builder.commit({b"f": b"pushed meanwhile"}, message=b"newer")
    assert last in older
    assert len(_messages(site, older)) == 1


def test_what_lies_before_damage_is_shown(site: Site, builder: RepositoryBuilder) -> None:
    ids = [builder.commit({b"f": b"%d" % number}, message=b"number %d" % number) for number in range(5)]
    if isinstance(builder, GitBuilder):
        damage(loose(builder, ids[1]), "removed")
    else:
        assert isinstance(builder, HgBuilder)
        texts = builder.path / ".hg" / "store" / "00changelog.d"
        changelog_index = builder.open().changelog
        position, length = changelog_index.start(1), changelog_index.length(1)
        data = texts.read_bytes()
        texts.write_bytes(data[:position] + b"!" * length + data[position + length :])

    for question in ("", "?author=ada", "?path=f&follow=1", "?path=f", "?since=2001-01-01"):
        page = get(site.browser(), f"/r/changelog{question}")
        # To know what changed a path, git looks one commit further.
        sure = 1 if "path" in question else 2
        assert [link.text for link in page.html.select("a.m")][:sure] == ["number 4", "number 3"][:sure]
        assert f"Object {ids[1]} is missing or damaged. What lies behind it cannot be shown." in page.text


def test_history_of_one_path(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"src/a": b"1", b"b": b"1"}, message=b"both")
    builder.commit({b"b": b"2"}, message=b"only b")
    page = get(site.browser(), "/r/changelog/tip/src/a")
    assert [link.text for link in page.html.select("a.m")] == ["both"]
    assert not page.html.select("td.g")


def test_branch_of_the_query(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"}, message=b"first")
    builder.bookmark(b"old/one", builder.commit({b"a": b"2"}, message=b"second"))
    builder.commit({b"a": b"3"}, message=b"third")
    assert _messages(site, "/r/changelog?branch=old/one") == ["second", "first"]
    assert get(site.browser(), "/r/changelog?branch=nothing").status_int == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "%FF", "1e9", "99999"])
def test_odd_page_numbers_are_no_failure(site: Site, builder: RepositoryBuilder, page: str) -> None:
    builder.commit({b"a": b"1"})
    assert get(site.browser(), f"/r/changelog?page={page}").status_int == 200


@pytest.mark.parametrize("question", ["page=1700", "page=99999999", "offset=999999999999", "page=" + "9" * 5000])
def test_behind_the_last_page_is_none(site: Site, builder: RepositoryBuilder, question: str) -> None:
    builder.commit({b"a": b"1"})
    page = get(site.browser(), f"/r/changelog?{question}")
    assert page.html.select("a.m") == []
    assert "there is no older page" in page.text
    assert f"The history has 1 {'changeset' if builder.kind is Kind.HG else 'commit'} on 1 page;" in page.text
    assert "Nothing has been pushed yet" not in page.text
    links = page.html.select(".k-empty a")
    assert [link.text for link in links] == ["First page"]
    assert len(_messages(site, links[0]["href"])) == 1
    assert not page.html.select(".k-page")


@pytest.mark.usefixtures("_small_pages")
def test_behind_the_last_page_a_link_leads_to_it(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(6):
        builder.commit({b"a": b"%d" % number}, message=b"%d" % number)
    links = get(site.browser(), "/r/changelog?page=9").html.select(".k-empty a")
    assert [(link.text, _messages(site, link["href"])) for link in links] == [
        ("Last page", ["0"]),
        ("First page", ["5", "4", "3", "2", "1"]),
    ]
    asked = get(site.browser(), "/r/changelog/tip/a?merges=none&page=9")
    assert "Here, there is no older page." in asked.text
    assert [link.text for link in asked.html.select(".k-empty a")] == ["First page"]


def test_a_mercurial_changelog_shows_branch_phase_and_local_number(site: Site) -> None:
    site.grant("visitors", Level.READ)
    commit_id = site.repository("r", Kind.HG).commit({b"a": b"1"}, branch=b"stable")
    page = get(site.browser(), "/r/changelog")
    assert f"0:{commit_id[:12]}" in page.text
    assert "stable" in page.text
    assert "Draft" in page.text


def _fields(site: Site, address: str) -> dict[str, str]:
    fields = get(site.browser(), address).html.select("input[form=history]")
    return {field["name"]: field.get("value", "") for field in fields}


def test_lines_are_drawn_beside_a_whole_history(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"1"})
    side = builder.commit({b"b": b"1"}, parents=(first,), branch=b"side")
    main = builder.commit({b"c": b"1"}, parents=(first,))
    builder.commit({b"b": b"1"}, parents=(main, side))

    rows = get(site.browser(), "/r/changelog").html.select("tbody tr")

    assert [len(row.select("td.g.gw-2 svg.k-graph path.nd")) for row in rows] == [1, 1, 1, 1]
    assert [len(row.select("path.nd.merge")) for row in rows] == [1, 0, 0, 0]
    assert [len(row.select("path.ln")) for row in rows] == [2, 3, 3, 1]
    shape = "draft" if builder.kind is Kind.HG else "public"
    assert [shape in row.select_one("path.nd")["class"] for row in rows] == [True] * 4


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (changelog, views):
        monkeypatch.setattr(module, "PAGE_SIZE", 5)


@pytest.mark.usefixtures("_small_pages")
def test_lines_go_on_from_page_to_page(site: Site, builder: RepositoryBuilder) -> None:
    first = builder.commit({b"a": b"0"})
    side = builder.commit({b"side": b"1"}, parents=(first,), branch=b"side")
    tip = first
    for number in range(1, 12):
        tip = builder.commit({b"a": b"%d" % number}, parents=(tip,))
    builder.commit({b"side": b"1"}, parents=(tip, side))

    def lines() -> list[int]:
        rows = get(site.browser(), "/r/changelog?page=2").html.select("tbody tr")
        return [len(row.select("path.ln")) for row in rows]

    # The line from the merge on the first page to the commit on the third is known only once the first was shown.
    assert lines() == [2] * 5
    get(site.browser(), "/r/changelog")
    assert lines() == [3] * 5


def test_a_history_with_gaps_has_no_lines(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})

    for question in ("?author=ada", "/tip/a", "?merges=none", "?since=2020-01-01"):
        assert not get(site.browser(), f"/r/changelog{question}").html.select("svg.k-graph")


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("author=BOB", ["second"]),
        ("author=bob%40example", ["second"]),
        ("text=FIRST", ["first"]),
        ("text=first&author=bob", []),
        ("merges=only", []),
        ("merges=none", ["third", "second", "first"]),
        ("since=2023-11-16", ["third"]),
        ("until=2023-11-15", ["second", "first"]),
        ("since=2023-11-15&until=2023-11-15", ["second"]),
        ("path=b", ["third"]),
        ("path=/b/&author=ada", ["third"]),
        ("path=caf%E9", ["first"]),
        ("text=%25&author=*", []),
    ],
)
def test_what_the_form_asks_for(site: Site, builder: RepositoryBuilder, question: str, found: list[str]) -> None:
    day = 24 * 3600
    builder.commit({b"a": b"1", b"caf\xe9": b"1"}, message=b"first", date="1700000000 +0000")
    builder.commit({b"a": b"2"}, message=b"second", author=BOB, date=f"{1700000000 + day} +0000")
    builder.commit({b"b": b"1"}, message=b"third", date=f"{1700000000 + 2 * day} +0000")

    assert _messages(site, f"/r/changelog?{question}") == found


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "1970-01-01", "1972-01-01", "1973-03-01", "1973-03-04"])
def test_days_of_long_ago(site: Site, builder: RepositoryBuilder, day: str) -> None:
    builder.commit({b"a": b"1"}, date="1700000000 +0000")

    assert _messages(site, f"/r/changelog?since={day}") == ["a commit"]
    assert _messages(site, f"/r/changelog?until={day}") == []


def test_the_first_days_of_all(site: Site, builder: RepositoryBuilder) -> None:
    for seconds in (0, 86400, 2 * 86400):
        builder.commit({b"a": b"%d" % seconds}, date=f"{seconds} +0000", message=b"%d" % seconds)

    assert _messages(site, "/r/changelog?since=1970-01-02") == ["172800", "86400"]
    assert _messages(site, "/r/changelog?until=1970-01-02") == ["86400", "0"]
    assert _messages(site, "/r/changelog?until=1970-01-01") == ["0"]


def test_the_form_keeps_what_was_asked(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    question = "text=%3Cb%3E%22&author=Ada&since=2020-01-02&until=2030-01-02&path=a&follow=1&merges=none"

    page = get(site.browser(), f"/r/changelog?{question}")
    fields = _fields(site, f"/r/changelog?{question}")

    assert fields["text"] == '<b>"'
    assert (fields["author"], fields["since"], fields["until"]) == ("Ada", "2020-01-02", "2030-01-02")
    assert fields["path"] == "a"
    assert page.html.select_one("input[name=follow]").has_attr("checked")
    assert page.html.select_one("option[selected]")["value"] == "none"


def test_a_path_in_the_address_is_not_in_the_form(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"caf\xe9": b"1"})

    page = get(site.browser(), "/r/changelog/tip/caf%E9")

    assert page.html.select_one("form#history")["action"].endswith(f"{commit_id}/caf%E9")
    assert not page.html.select("input[name=path]")


def test_renames_are_followed_when_asked(site: Site, builder: RepositoryBuilder) -> None:
    text = b"some text\n" * 5
    builder.commit({b"old": text}, message=b"made")
    builder.commit({b"old": None, b"new": text}, message=b"moved", renames={b"new": b"old"})

    assert _messages(site, "/r/changelog/tip/new") == ["moved"]
    assert _messages(site, "/r/changelog/tip/new?follow=1") == ["moved", "made"]


def test_history_of_some_lines(site: Site, builder: RepositoryBuilder) -> None:
    text = b"line\n" * 5
    builder.commit({b"old": text + b"1\n2\n"}, message=b"made")
    builder.commit({b"old": None, b"d/n\xe9w": text + b"1\n2\n"}, message=b"moved", renames={b"d/n\xe9w": b"old"})
    builder.commit({b"d/n\xe9w": text + b"1\nII\n"}, message=b"second")
    builder.commit({b"d/n\xe9w": text + b"I\nII\n"}, message=b"first")

    one = get(site.browser(), "/r/changelog/tip/d/n%E9w?lines=7")
    several = get(site.browser(), "/r/changelog/tip/d/n%E9w?lines=6-7")

    assert [link.text for link in one.html.select("a.m")] == ["second", "made"]
    assert [link.text for link in several.html.select("a.m")] == ["first", "second", "made"]
    assert one.html.select_one("h1 .sub").text == "of line 7 of d/néw"
    assert several.html.select_one("h1 .sub").text == "of lines 6 to 7 of d/néw"
    assert several.html.select_one("input[name=lines]")["value"] == "6-7"
    assert not several.html.select("td.g, input[name=follow]")
    assert "Graph" not in several.text


def test_from_some_lines_a_link_leads_to_the_file(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1\n2\n"})
    main = "default" if builder.kind is Kind.HG else "main"

    page = get(site.browser(), f"/r/changelog/{main}/a?lines=2&author=ada")

    whole = page.html.find("a", string="The whole file")["href"]
    assert whole == f"/r/changelog/{commit_id}/a?at={main}&author=ada"
    assert _messages(site, whole) == ["a commit"]
    assert get(site.browser(), whole).html.find("a", string="The whole file") is None


@pytest.mark.usefixtures("_small_pages")
def test_pages_of_some_lines_stay_with_them(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(7):
        builder.commit({b"a": b"1\n%d\n" % number}, message=b"%d" % number)
    first = get(site.browser(), "/r/changelog/tip/a?lines=2")
    older = first.html.find("a", string="Older")["href"]

    assert [link.text for link in first.html.select("a.m")] == ["6", "5", "4", "3", "2"]
    assert _messages(site, older) == ["1", "0"]
    assert "lines=2" in get(site.browser(), older).html.find("a", string="Newer")["href"]


def test_other_lines_are_another_page(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1\n2\n"}, message=b"made")
    builder.commit({b"a": b"1\nII\n"}, message=b"second")

    for lines, messages in (("1", ["made"]), ("2", ["second", "made"]), ("1-2", ["second", "made"]), ("3-4", [])) * 2:
        assert _messages(site, f"/r/changelog/tip/a?lines={lines}") == messages
    assert _messages(site, "/r/changelog/tip/a") == ["second", "made"]


def test_lines_are_those_of_a_file(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"d/a": b"1\n"})

    assert get(site.browser(), "/r/changelog/tip/d?lines=1").status_int == 404
    assert get(site.browser(), "/r/changelog/tip/absent?lines=1").status_int == 404
    assert "Nothing here meets all conditions." in get(site.browser(), "/r/changelog/tip/d/a?lines=2-9").text


def test_what_took_too_long_is_asked_for_again(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder.commit({b"a": b"1\n"})
    commit_id = builder.commit({b"a": b"I\n"}, message=b"newest")

    def found_until(*_: object, **__: object) -> Iterator[int | str]:
        yield commit_id if builder.kind is Kind.GIT else 1
        raise LimitExceededError("It took too long.")

    with monkeypatch.context() as patch:
        patch.setattr(git_log, "follow_lines", found_until)
        patch.setattr(hg_log, "following_lines", found_until)
        page = get(site.browser(), "/r/changelog/tip/a?lines=1")
    whole = get(site.browser(), "/r/changelog/tip/a?lines=1")

    assert [link.text for link in page.html.select("a.m")] == ["newest"]
    assert "It took too long. What lies behind it cannot be shown." in page.text
    assert ("ETag" in page.headers, "ETag" in whole.headers) == (False, True)
    assert len(whole.html.select("a.m")) == 2


@pytest.mark.usefixtures("_small_pages")
def test_pages_of_a_question_keep_the_question(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(12):
        builder.commit({b"a": b"%d" % number}, message=b"%d" % number, author=BOB if number % 2 else ADA)
    address: str | None = "/r/changelog?author=bob"
    found = []
    while address:
        found.append(_messages(site, address))
        older = get(site.browser(), address).html.find("a", string="Older")
        address = older["href"] if older is not None else None

    assert found == [["11", "9", "7", "5", "3"], ["1"]]


@pytest.mark.usefixtures("_small_pages")
def test_pages_of_a_path_have_numbers(site: Site, builder: RepositoryBuilder) -> None:
    for number in range(6):
        builder.commit({b"a": b"%d" % number})
    older = get(site.browser(), "/r/changelog/tip/a?merges=none").html.find("a", string="Older")["href"]

    assert "merges=none" in older
    assert "page=2" in older
    assert len(_messages(site, older)) == 1
    assert "page=1" in get(site.browser(), older).html.find("a", string="Newer")["href"]


def test_a_search_that_takes_too_long_tells_where_it_is(
    site: Site, builder: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        builder.commit({b"a": b"%d" % number}, author=ADA if number else BOB, message=b"%d" % number)
    for log in (git_log, hg_log):
        monkeypatch.setattr(log, "SEARCH_SECONDS", 0)
    monkeypatch.setattr(git_log, "SEARCH_BLOCK", 1)
    page = get(site.browser(), "/r/changelog?author=bob")

    assert "1 " in page.html.select_one(".k-notice").text
    assert "None found yet" in page.text
    onward = page.html.find("a", string="Search on")["href"]
    assert "Newest" not in [link.text for link in page.html.select("a[href]")]
    page = get(site.browser(), onward)
    assert page.html.find("a", string="Newest") is not None
    onward = page.html.find("a", string="Search on")["href"]
    assert _messages(site, onward) == ["0"]


def test_nothing_found_leads_back_to_everything(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})

    main = "default" if builder.kind is Kind.HG else "main"

    page = get(site.browser(), "/r/changelog?author=nobody")

    assert "Nothing here meets all conditions." in page.text
    assert [link["href"] for link in page.html.select(".k-empty a")] == [f"/r/changelog/{commit_id}?at={main}"]


@pytest.mark.parametrize(
    "question",
    [
        "since=yesterday",
        "until=2023-13-01",
        "since=%FF",
        "merges=some",
        *(f"path=a&lines={lines}" for lines in ("0", "2-1", "-1", "1-", "x", "1,2", "1-2-3", "%C2%B2", "1" * 10)),
        "lines=x",
    ],
)
def test_what_cannot_be_understood_is_said(site: Site, builder: RepositoryBuilder, question: str) -> None:
    builder.commit({b"a": b"1"})

    assert get(site.browser(), f"/r/changelog?{question}").status_int == 400


@pytest.mark.parametrize(
    "question", ["author=%00", "text=a%0Ab", "path=%00", "offset=x", "offset=-1", "follow=1", "named=x", "lines=1"]
)
def test_odd_questions_are_no_failure(site: Site, builder: RepositoryBuilder, question: str) -> None:
    builder.commit({b"a": b"1"})

    assert get(site.browser(), f"/r/changelog?{question}").status_int == 200


def test_the_count_comes_later_and_then_stays(site: Site, builder: RepositoryBuilder) -> None:
    builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"})
    before = get(site.browser(), "/r/changelog").html.select_one("h1 .sub")

    part = get(site.browser(), before["data-part"])
    after = get(site.browser(), "/r/changelog").html.select_one("h1 .sub")

    word = "changesets" if builder.kind is Kind.HG else "commits"
    assert before.text == ""
    assert part.text.strip() == f"2 {word}"
    assert (after.text, after.get("data-part")) == (f"2 {word}", None)


def test_a_named_branch_alone(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    first = builder.commit({b"a": b"1"}, message=b"first")
    builder.commit({b"a": b"2"}, message=b"side", branch=b"side", parents=(first,))
    page = get(site.browser(), "/r/changelog?branch=side")

    assert page.html.select_one("input[name=named]")["value"] == "side"
    assert _messages(site, "/r/changelog?branch=side") == ["side", "first"]
    assert _messages(site, "/r/changelog?branch=side&named=side") == ["side"]


def test_git_has_no_named_branches(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r", Kind.GIT).commit({b"a": b"1"})

    assert not get(site.browser(), "/r/changelog").html.select("input[name=named]")


def _rewritten(site: Site) -> tuple[HgBuilder, str, str, str]:
    """Ids of an obsolete changeset, of what was built on it, and of what took its place."""
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    assert isinstance(builder, HgBuilder)
    first = builder.commit({b"a": b"1"}, message=b"first")
    old = builder.commit({b"a": b"2"}, message=b"old", parents=(first,))
    above = builder.commit({b"b": b"1"}, message=b"above", parents=(old,))
    new = builder.commit({b"a": b"3"}, message=b"new", parents=(first,))
    builder.obsolete(old, new)
    builder.set_phase(first, "public")
    return builder, old, above, new


def test_a_row_says_what_became_of_a_changeset(site: Site) -> None:
    builder, _, _, new = _rewritten(site)
    builder.close_branch(b"stable", builder.commit({b"s": b"1"}, branch=b"stable"))

    rows = get(site.browser(), "/r/changelog?all=1").html.select("tbody tr")

    marks = {row.select_one("a.m").text: [chip.text.strip() for chip in row.select(".k-chip")] for row in rows}
    named = [(link.text, link["href"]) for link in rows[4].select(".msg a.k-hash")]
    assert marks["close stable"] == ["Closes branch"]
    assert (marks["above"], marks["old"], marks["new"], marks["first"]) == (["Orphan"], ["Obsolete"], [], [])
    assert rows[4].select_one("a.m").text == "old"
    assert named == [(f"3:{new[:12]}", f"/r/changeset/{new}")]


def test_of_many_successors_a_row_names_one(site: Site) -> None:
    builder, old, _, new = _rewritten(site)
    builder.obsolete(old, *(builder.commit({b"a": b"x%d" % n}, parents=(new,)) for n in range(3)))

    row = next(row for row in get(site.browser(), "/r/changelog?all=1").html.select("tbody tr") if "old" in row.text)
    page = get(site.browser(), f"/r/changeset/{old}")

    assert len(row.select(".msg a.k-hash")) == 1
    assert row.select_one("a.muted").text == "+3"
    assert len(page.html.select(".k-panel .bd a.k-hash")) == 4


def test_the_pages_of_what_was_rewritten_say_so(site: Site) -> None:
    builder, old, above, new = _rewritten(site)
    closing = builder.close_branch(b"stable", builder.commit({b"s": b"1"}, branch=b"stable"))

    def chips(commit_id: str) -> list[str]:
        found = get(site.browser(), f"/r/changeset/{commit_id}").html.select(".k-panel .bd .k-chip")
        return [chip.text.strip() for chip in found]

    assert chips(closing) == ["Draft", "Closes branch"]
    assert chips(above) == ["Draft", "Orphan"]
    assert chips(old) == ["Draft", "Obsolete"]
    links = get(site.browser(), f"/r/changeset/{old}").html.select(".k-panel .bd a.k-hash")
    assert [link["href"] for link in links] == [f"/r/changeset/{new}"]


def test_changesets_of_one_phase(site: Site) -> None:
    _rewritten(site)
    address = "/r/changelog?all=1&phase"
    assert _messages(site, f"{address}=draft") == ["new", "above", "old"]
    assert _messages(site, f"{address}=public") == ["first"]
    chosen = get(site.browser(), f"{address}=draft").html.select("select[name=phase] option[selected]")
    assert [option["value"] for option in chosen] == ["draft"]
    assert get(site.browser(), f"{address}=secret").status_int == 400


def test_git_has_no_phases(site: Site) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r", Kind.GIT).commit({b"a": b"1"})

    assert not get(site.browser(), "/r/changelog").html.select("select[name=phase]")


def test_secret_and_obsolete_changesets(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    assert isinstance(builder, HgBuilder)
    first = builder.commit({b"a": b"1"}, message=b"first")
    old = builder.commit({b"a": b"2"}, message=b"old", parents=(first,))
    builder.commit({b"b": b"1"}, message=b"on top of the old", parents=(old,))
    new = builder.commit({b"a": b"3"}, message=b"new", parents=(first,))
    builder.obsolete(old, new)
    builder.set_phase(builder.commit({b"a": b"4"}, message=b"secret", parents=(new,)), "secret")
    tip = get(site.browser(), f"/r/changelog/{builder.open()[2].hex().decode()}")

    assert [link.text for link in tip.html.select("a.m")] == ["on top of the old", "old", "first"]
    assert [chip.text for chip in tip.html.select(".k-chip")].count("Obsolete") == 1
    assert len(tip.html.select("path.nd.obsolete")) == 1
    assert "secret" not in get(site.browser(), "/r/changelog").text


def _forked(builder: RepositoryBuilder) -> tuple[str, str]:
    """Two heads; ids of the older and the newer."""
    first = builder.commit({b"a": b"1"}, message=b"first")
    side = builder.commit({b"b": b"1"}, message=b"side", parents=(first,), branch=b"side")
    return side, builder.commit({b"a": b"2"}, message=b"main", parents=(first,))


def test_the_history_of_all_heads_together(site: Site, builder: RepositoryBuilder) -> None:
    _forked(builder)
    word, caption = ("All heads", "Changesets of all heads") if builder.kind is Kind.HG else ("All branches", "Commits")
    one = get(site.browser(), "/r/changelog/tip?at=side")

    link, *others = one.html.select(".k-pick .k-pop > a")
    page = get(site.browser(), link["href"])

    assert (link.text.strip(), link.get("aria-current")) == (word, None)
    assert [other.text for other in others] == ["All branches and tags"]
    assert [found.text for found in page.html.select("a.m")] == ["main", "side", "first"]
    assert page.html.select_one(".k-pick summary .clip").text == word
    assert page.html.select_one(".k-pick .k-pop > a")["aria-current"] == "true"
    assert caption in page.html.find("caption").text
    assert len(page.html.select("svg.k-graph")) == 3
    assert [(field["name"], field["value"]) for field in page.html.select("form#history input")] == [("all", "1")]


def test_all_heads_are_asked_as_one_commit_is(site: Site, builder: RepositoryBuilder) -> None:
    _forked(builder)

    assert _messages(site, "/r/changelog?all=1&path=b") == ["side"]
    assert _messages(site, "/r/changelog?all=1&text=IN") == ["main"]
    assert _messages(site, "/r/changelog?all=1&merges=only") == []
    back = get(site.browser(), "/r/changelog?all=1&author=nobody").html.select_one(".k-empty a")
    assert back["href"] == "/r/changelog?all=1"
    assert not get(site.browser(), "/r/changelog?all=1&path=b&follow=1").html.select("input[name=follow]")
    # An address that names a commit says more.
    assert _messages(site, "/r/changelog/tip/b?all=1") == _messages(site, "/r/changelog/tip/b")


@pytest.mark.usefixtures("_small_pages")
def test_pages_of_all_heads(site: Site, builder: RepositoryBuilder) -> None:
    side, main = _forked(builder)
    for number in range(8):
        side = builder.commit({b"b": b"%d" % (number + 2)}, message=b"s%d" % number, parents=(side,), branch=b"side")
        main = builder.commit({b"a": b"%d" % (number + 3)}, message=b"m%d" % number, parents=(main,))
    address, found = "/r/changelog?all=1", []
    for first in ([1, 2], [3, 3], [3, 3]):
        page = get(site.browser(), address)
        found.append([link.text for link in page.html.select("a.m")])
        # Both lines pass by all rows below the heads.
        assert [len(row.select("path.ln")) for row in page.html.select("tbody tr")] == [*first, 3, 3, 3]
        address = page.html.find("a", string="Older")["href"]
    names = [f"{name}{number}" for number in range(7, -1, -1) for name in "ms"]
    assert found == [names[:5], names[5:10], names[10:15]]
    assert get(site.browser(), address).html.find("a", string="Newer")["href"] == "/r/changelog?all=1&page=3"


def test_the_count_of_all_heads(site: Site, builder: RepositoryBuilder) -> None:
    side, _ = _forked(builder)
    address = get(site.browser(), "/r/changelog?all=1").html.select_one("h1 .sub")["data-part"]
    assert get(site.browser(), address).text.strip().startswith("3 ")
    assert get(site.browser(), "/r/changelog?all=1").html.select_one("h1 .sub").text.startswith("3 ")
    builder.commit({b"b": b"2"}, parents=(side,), branch=b"side")
    assert get(site.browser(), "/r/changelog?all=1").html.select_one("h1 .sub").get("data-part") == address
    assert get(site.browser(), address).text.strip().startswith("4 ")


@pytest.mark.parametrize("kind", Kind)
def test_all_heads_of_nothing(site: Site, kind: Kind) -> None:
    site.grant("visitors", Level.READ)
    site.repository("r", kind)
    assert "Nothing has been pushed yet" in get(site.browser(), "/r/changelog?all=1").text


def test_a_hash_among_the_words_names_its_commit(site: Site, builder: RepositoryBuilder) -> None:
    side, main = _forked(builder)
    short = f"1:{side[:12]}" if builder.kind is Kind.HG else side[:8]
    builder.commit({b"a": b"3"}, message=b"after " + side.encode(), parents=(main,))

    # It lies beside the history that is shown.
    page = get(site.browser(), f"/r/changelog?text={short.upper()}")
    quoted = get(site.browser(), f"/r/changelog?text={side}")

    for answer in (page, quoted):
        links = answer.html.select(".k-notice a")
        assert [(link.text, link["href"]) for link in links] == [
            (short, f"/r/changeset/{side}"),
            ("side", f"/r/changeset/{side}"),
        ]
    assert "Nothing here meets all conditions." not in page.text
    assert len(quoted.html.select("a.m")) == 1
    assert page.html.select_one("input[name=text]")["placeholder"] == "Message or hash"


@pytest.mark.parametrize("text", ["abc", "0000000", "x" + "0" * 8, "f" * 70])
def test_what_is_no_hash_names_nothing(site: Site, builder: RepositoryBuilder, text: str) -> None:
    builder.commit({b"a": b"1"})
    page = get(site.browser(), f"/r/changelog?text={text}")
    assert not page.html.select(".k-notice")
    assert "Nothing here meets all conditions." in page.text


def test_the_line_of_first_parents(site: Site, builder: RepositoryBuilder) -> None:
    side, main = _forked(builder)
    builder.commit({b"b": b"1"}, message=b"merge", parents=(main, side))

    assert _messages(site, "/r/changelog?merges=first") == ["merge", "main", "first"]
    chosen = get(site.browser(), "/r/changelog?merges=first").html.select_one("select[name=merges] option[selected]")
    assert chosen.text == "First parent only"


def test_of_many_refs_at_a_commit_a_row_has_the_most_important(site: Site, builder: RepositoryBuilder) -> None:
    commit_id = builder.commit({b"a": b"1"})
    for number in range(30):
        builder.bookmark(b"aa%d" % number, commit_id)
    in_git = builder.kind is Kind.GIT
    row = get(site.browser(), "/r/changelog").html.select_one("tbody .msg")
    page = get(site.browser(), f"/r/changeset/{commit_id}")

    names = ["main", "aa0", "aa1"] if in_git else ["aa0", "aa1", "aa2"]
    assert [label.text for label in row.select("span.k-ref")] == names
    more = row.select_one("a.k-ref")
    assert (more.text, more["href"]) == ("+28" if in_git else "+27", f"/r/changeset/{commit_id}")
    assert len(page.html.select(".ft span.k-ref .clip")) == 20
    assert page.html.select_one(".ft a.k-ref").text == ("+11" if in_git else "+10")


def test_names_of_changesets_have_their_local_numbers(site: Site) -> None:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.HG)
    commit_id = builder.commit({b"a": b"1"})
    builder.commit({b"a": b"2"}, branch=b"stable")

    branches = get(site.browser(), "/r/branches").html.select("a.k-hash")
    picked = get(site.browser(), f"/r/changelog/{commit_id}").html.select_one(".k-pick summary .clip")

    assert [link.text.partition(":")[0] for link in branches] == ["0", "1"]
    assert branches[0].text == picked.text == f"0:{commit_id[:12]}"
