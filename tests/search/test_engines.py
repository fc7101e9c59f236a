"""The same documents and the same queries on every engine: the same hits."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kallithea.search import finding
from kallithea.search.documents import Document, DocumentKind, Facts, KnownFile, Skipped, Update
from kallithea.search.engine import Index, Scope, SearchEngine, SearchError, TooCostlyError
from kallithea.search.finding import Narrowing, find
from kallithea.search.matching import Reading, matches, shows_all_branches
from kallithea.search.parser import parse_query
from kallithea.search.query import (
    And,
    InPath,
    InRepositories,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Prefix,
    Substring,
    WithExtension,
    Word,
    leaves,
)
from kallithea.search.whoosh_engine import WhooshEngine
from tests.search.samples import GUIDE, ask, code, commit, fill, numbered, paths, searched

ANCHOR, GUIDE_1, SAIL, GUIDE_3 = "1:src/anchor.py", "1:docs/guide.txt", "2:sail.py", "3:notes/guide.md"

CODE = [
    ("read", [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
    ("READ", [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
    ("read_file", [ANCHOR]),
    ("http", [ANCHOR]),
    ("httpserver", [ANCHOR]),
    ("sail", [SAIL]),
    ("hoist", [SAIL]),
    ("größe", [SAIL]),
    ("GRÖSSE", []),
    ("rea", []),
    ("hoi*", [SAIL]),
    ("serv*", [ANCHOR]),
    ("grö*", [SAIL]),
    ("*ead_fi*", [ANCHOR]),
    ("*rEAd*", [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
    ("*öße*", [SAIL]),
    ("*ma*", [SAIL]),
    ('"no such file"', [GUIDE_1, ANCHOR, GUIDE_3]),
    ('"such no file"', []),
    ("os.path.join", [ANCHOR]),
    ("read file", [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
    ('"read file"', [SAIL]),
    ("chart OR hoist", [GUIDE_1, SAIL, GUIDE_3]),
    ("read NOT chart", [ANCHOR, SAIL]),
    ("read -chart -sail", [ANCHOR]),
    ("read (hoist OR NOT sail)", [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
    (r"/ead_f[a-z]+\(/", [ANCHOR]),
    (r"/^class \w+:$/", [SAIL]),
    (r"/(?i)MAINSAIL/", [SAIL]),
    (r"/none/", []),
    (r"read NOT /[Nn]one/", [GUIDE_1, GUIDE_3]),
    ("lang:python read", [ANCHOR, SAIL]),
    ("ext:md read", [GUIDE_3]),
    ("path:guide", [GUIDE_1, GUIDE_3]),
    ("path:src/*.py read", [ANCHOR]),
    ("path:**.py read", [ANCHOR, SAIL]),
    ("path:*.py read", [SAIL]),
    ("read NOT path:**.py", [GUIDE_1, GUIDE_3]),
    ("repo:2 read", [SAIL]),
    ("read -repo:2", [GUIDE_1, ANCHOR, GUIDE_3]),
    ("branch:old old_sail", ["1:src/sail.py"]),
    ("old_sail", []),
    ("/==/", [ANCHOR]),
    ("*'--'*", [ANCHOR]),
]


@pytest.mark.parametrize(("query", "expected"), CODE, ids=[query for query, _ in CODE])
def test_code(index: Index, query: str, expected: list[str]) -> None:
    fill(index)
    assert paths(ask(index, query)) == sorted(expected)


COMMITS = [
    ("chart", [1]),
    ("author:ada", [1, 3]),
    ("author:bo OR größe", [2, 3]),
    ("path:anchor", [1]),
    ("path:**/guide.txt", [1]),
    ("after:2024 before:2024-02-01", [1]),
    ("after:2024-03", [2]),
    ("before:2024", [3]),
]


@pytest.mark.parametrize(("query", "expected"), COMMITS, ids=[query for query, _ in COMMITS])
def test_commits(index: Index, query: str, expected: list[int]) -> None:
    fill(index)
    found = ask(index, query, kind=DocumentKind.COMMIT)
    assert sorted(int(hit.facts.object_id, 16) for hit in found.hits) == expected


def test_names_of_files_and_repositories(index: Index) -> None:
    fill(index)
    assert paths(ask(index, "guide", kind=DocumentKind.FILE)) == [GUIDE_1, GUIDE_3]
    assert paths(ask(index, "ships", kind=DocumentKind.REPOSITORY)) == ["1:harbour/anchor"]
    assert paths(ask(index, "harbour -ships", kind=DocumentKind.REPOSITORY)) == ["2:harbour/sail"]


def test_what_may_not_be_read_is_neither_found_nor_counted(index: Index) -> None:
    fill(index)
    for query in ("read", "*rea*", "/read/", "path:guide", "NOT hoist AND path:*"):
        found = ask(index, query, (2,))
        assert {hit.facts.repository_id for hit in found.hits} <= {2}
        assert {number for number, _count in found.repositories} <= {2}
        assert {system for system, _count in found.systems} <= {"hg"}
        assert found.total == len(found.hits)
        assert ask(index, query, ()).kinds == {}


def test_counts_say_what_a_choice_leaves(index: Index) -> None:
    fill(index)
    found = find(
        index, parse_query("read"), searched(1, 2, 3), Narrowing(DocumentKind.CODE, frozenset({1}), frozenset())
    )
    assert found.kinds == {DocumentKind.CODE: 2, DocumentKind.COMMIT: 1}
    assert dict(found.repositories) == {1: 2, 2: 1, 3: 1}
    assert dict(found.systems) == {"git": 2}
    assert dict(found.languages) == {"Python": 1, "Text": 1}
    assert dict(found.branches) == {"main": 2}
    assert (found.total, found.whole) == (2, True)


@pytest.mark.parametrize(
    ("query", "chosen", "hits"),
    [
        ("sail", (), [SAIL]),
        ("sail", ("old",), ["1:src/sail.py"]),
        ("sail", ("main", "old"), [SAIL, "1:src/sail.py"]),
        ("sail", ("absent",), []),
        ("sail branch:old", (), ["1:src/sail.py"]),
    ],
)
def test_branches_are_counted_and_chosen(index: Index, query: str, chosen: tuple[str, ...], hits: list[str]) -> None:
    fill(index)
    narrowing = Narrowing(DocumentKind.CODE, branches=frozenset(chosen))
    found = find(index, numbered(parse_query(query)), searched(1, 2, 3), narrowing)
    assert paths(found) == sorted(hits)
    assert found.kinds.get(DocumentKind.CODE, 0) == len(hits)
    assert dict(found.branches) == ({"old": 1} if "branch:" in query else {"main": 1, "old": 1})
    # changesets lie on no branch
    assert found.kinds.get(DocumentKind.COMMIT, 0) == (0 if "branch:" in query else 1)


@pytest.mark.parametrize(
    ("chosen", "hits"),
    [
        ((), [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
        (("hg",), [SAIL]),
        (("git", "hg"), [GUIDE_1, ANCHOR, SAIL, GUIDE_3]),
        (("absent",), []),
    ],
)
def test_systems_are_counted_and_chosen(index: Index, chosen: tuple[str, ...], hits: list[str]) -> None:
    fill(index)
    found = find(index, parse_query("read"), searched(1, 2, 3), Narrowing(systems=frozenset(chosen)))
    assert paths(found) == sorted(hits)
    assert found.kinds.get(DocumentKind.CODE, 0) == len(hits)
    assert dict(found.systems) == {"git": 3, "hg": 1}
    places = {"git": {1: 2, 3: 1}, "hg": {2: 1}, "absent": {}}
    assert dict(found.repositories) == {
        number: count for system in chosen or ("git", "hg") for number, count in places[system].items()
    }
    assert sum(dict(found.languages).values()) == sum(dict(found.branches).values()) == len(hits)


def test_of_too_many_those_that_pages_begin_with_are_kept(index: Index) -> None:
    for branch, landing in (("old", False), ("main", True)):
        index.apply(Update(1, documents=code(1, "a.txt", "same", "Text", branch=branch, landing=landing)))
    (kept,) = index.candidates(parse_query("same"), Scope((1,), DocumentKind.CODE, 1, 5.0))
    assert (kept.branch, kept.landing) == ("main", True)


@pytest.mark.parametrize("query", ["chart", "*hart*", "/c[h]art/", r"/c\wart/", "chart NOT sail"])
def test_no_kind_crowds_out_another(index: Index, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_CANDIDATES", 4)
    commits = [commit(1, number, f"chart {number}", "A", f"2024-01-0{number}") for number in range(1, 7)]
    index.apply(Update(1, documents=[*commits, *code(1, "a.txt", GUIDE, "Text"), *code(2, "b.txt", GUIDE, "Text")]))
    found = ask(index, query)
    assert paths(found) == ["1:a.txt", "2:b.txt"]
    assert (found.total, found.whole) == (2, True)
    assert found.kinds == {DocumentKind.CODE: 2, DocumentKind.COMMIT: 4}
    found = ask(index, query, kind=DocumentKind.COMMIT)
    assert (found.total, found.whole) == (4, False)
    assert found.kinds == {DocumentKind.CODE: 2, DocumentKind.COMMIT: 4}


CHOICES = [
    pytest.param(Narrowing(repository_ids=frozenset({2})), id="repository"),
    pytest.param(Narrowing(languages=frozenset({"C++"})), id="language"),
    pytest.param(Narrowing(branches=frozenset({"old"})), id="branch"),
    pytest.param(Narrowing(systems=frozenset({"hg"})), id="system"),
]


@pytest.mark.parametrize("narrowing", CHOICES)
@pytest.mark.parametrize(
    ("query", "most", "number"),
    [
        ("chart", "MOST_CANDIDATES", 4),
        ("/c[h]art/", "MOST_CANDIDATES", 4),
        ("/c[h]art/", "MOST_READ", 3 * len(GUIDE)),
    ],
    ids=["words", "pattern", "read"],
)
def test_what_is_chosen_is_found_though_there_is_too_much_else(
    index: Index, narrowing: Narrowing, query: str, most: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, most, number)
    many = [document for name in range(7) for document in code(1, f"f{name}.txt", GUIDE, "Text")]
    index.apply(Update(1, documents=many))
    index.apply(Update(2, documents=code(2, "z.cc", GUIDE, "C++")))
    index.apply(Update(3, documents=code(3, "z.cc", GUIDE, "C++", branch="old", landing=False)))
    repository = 3 if narrowing.branches else 2
    found = find(index, parse_query(query), searched(1, 2, 3), narrowing)
    assert paths(found) == [f"{repository}:z.cc"]
    assert (found.total, found.whole) == (1, True)
    assert found.kinds[DocumentKind.CODE] == 1
    # by which the choice is taken back, and by which another is made
    assert dict(found.repositories)[repository] == 1
    assert dict(found.systems)["git" if narrowing.branches else "hg"] == 1
    assert dict(found.languages)["C++"] == 1
    assert narrowing.branches or dict(found.branches)["main"] == 1
    assert narrowing.repository_ids is None or dict(found.repositories).get(1, 0) > 1
    assert not narrowing.systems or dict(found.systems)["git"] > 1


def test_what_may_not_be_read_is_not_found_by_choosing_it(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_CANDIDATES", 1)
    fill(index)
    found = find(index, parse_query("read"), searched(1, 2), Narrowing(repository_ids=frozenset({3})))
    assert found.total == 0
    assert 3 not in dict(found.repositories)
    found = find(index, parse_query("read"), searched(1, 3), Narrowing(systems=frozenset({"hg"})))
    assert found.total == 0
    assert "hg" not in dict(found.systems)


@pytest.mark.parametrize("query", ["path:z.c", "*har* path:z.c", r"/c\wart/ author:jo", "chart author:jo"])
def test_paths_and_authors_narrow_before_there_is_too_much(
    index: Index, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_CANDIDATES", 4)
    many = [commit(1, number, GUIDE, "al", "2024-01-02", "f.c") for number in range(7)]
    index.apply(Update(1, documents=many))
    index.apply(Update(1, documents=[commit(1, 9, GUIDE, "jo", "2024-01-01", "z.c")]))
    found = ask(index, query, kind=DocumentKind.COMMIT)
    assert [int(hit.facts.object_id, 16) for hit in found.hits] == [9]
    assert found.whole


def test_pages(index: Index) -> None:
    documents = [
        document for number in range(25) for document in code(1, f"f{number:02}.txt", f"same {number}", "Text")
    ]
    index.apply(Update(1, documents=documents))
    query = parse_query("same")
    pages = [find(index, query, searched(1), Narrowing(), offset=offset, limit=10) for offset in (0, 10, 20)]
    shown = [hit.facts.path for page in pages for hit in page.hits]
    assert [len(page.hits) for page in pages] == [10, 10, 5]
    assert len(set(shown)) == 25
    assert {page.total for page in pages} == {25}


def test_what_went_is_found_no_more_and_what_it_shared_still_is(index: Index) -> None:
    fill(index)
    index.apply(Update(1, branch="main", gone_files=["docs/guide.txt"], gone_commits=[f"{1:040x}"], state="later"))
    assert paths(ask(index, "chart")) == [GUIDE_3]
    assert ask(index, "chart", kind=DocumentKind.COMMIT).total == 0
    assert index.states() == {1: "later", 2: "state 2", 3: "state 3"}
    index.forget(3)
    assert paths(ask(index, "chart")) == []
    assert index.states() == {1: "later", 2: "state 2"}


def test_a_text_that_went_can_come_again(index: Index) -> None:
    for _ in range(3):
        index.apply(Update(1, documents=code(1, "a.txt", GUIDE, "Text")))
        assert paths(ask(index, "chart *ncho*")) == ["1:a.txt"]
        index.apply(Update(1, branch="main", gone_files=["a.txt"]))
        assert paths(ask(index, "chart")) == []
        assert paths(ask(index, "*ncho*")) == []


def test_of_a_very_large_text_every_word_and_phrase_is_found(index: Index) -> None:
    far = " ".join(f"w{number:05}{'x' * 20}" for number in range(60_000))
    text = f"{'again ' * 1_000} near shore {far} far shore {'again ' * 1_000} last"
    index.apply(Update(1, documents=[*code(1, "a.txt", text, "Text"), *code(1, "b.txt", "shore near", "Text")]))
    for query in ("near last w59999*", '"far shore again"', '"again last"', "w00000* NOT missing", "*59999xxx* far"):
        assert paths(ask(index, query)) == ["1:a.txt"]
    for query in ('"near far"', '"again shore"', "far missing", "*59999xxy*"):
        assert paths(ask(index, query)) == []


def test_runs_that_are_no_words_are_found_by_no_words(index: Index) -> None:
    index.apply(Update(1, documents=code(1, "a.txt", f"one {'x' * 201} two", "Text")))
    assert paths(ask(index, "xx*")) == []
    assert paths(ask(index, '"one two"')) == ["1:a.txt"]


def test_states_are_those_of_the_repositories_that_are_named(index: Index) -> None:
    fill(index)
    assert index.states([1, 3, 9]) == {1: "state 1", 3: "state 3"}
    assert index.states([]) == {}


def test_a_choice_of_no_repository_leaves_none(index: Index) -> None:
    fill(index)
    found = find(index, parse_query("read"), searched(1, 2, 3), Narrowing(repository_ids=frozenset()))
    assert (found.total, dict(found.repositories)) == (0, {1: 2, 2: 1, 3: 1})


def test_a_branch_goes_and_the_others_stay(index: Index) -> None:
    fill(index)
    index.apply(Update(1, gone_branches=["old"]))
    assert paths(ask(index, "branch:old old_sail")) == []
    assert set(index.files(1, "main")) == {"src/anchor.py", "docs/guide.txt"}
    assert index.files(1, "old") == {}


def test_a_repository_is_described_anew(index: Index) -> None:
    fill(index)
    new = Document(Facts(DocumentKind.REPOSITORY, 1, path="port/mooring"), "port/mooring\n")
    index.apply(Update(1, about=True, documents=[new]))
    assert paths(ask(index, "harbour OR port", kind=DocumentKind.REPOSITORY)) == ["1:port/mooring", "2:harbour/sail"]


def test_what_is_known_of_files_and_commits(index: Index) -> None:
    facts = Facts(DocumentKind.FILE, 1, "main", path="a.bin", address="a.bin", object_id="2" * 40)
    index.apply(Update(1, documents=[Document(facts, "a.bin", Skipped.BINARY), commit(1, 5, "x", "A", "2024-01-01")]))
    assert index.files(1, "main") == {"a.bin": KnownFile("2" * 40, Skipped.BINARY)}
    assert index.commit_ids(1) == {f"{5:040x}"}


def test_an_update_that_fails_changes_nothing(index: Index) -> None:
    fill(index)
    good = code(1, "new.txt", "quite new", "Text")
    broken = dataclasses.replace(good[0], text="\ud800")
    with pytest.raises(UnicodeEncodeError):
        index.apply(Update(1, branch="main", gone_files=["docs/guide.txt"], documents=[*good, broken], state="x"))
    assert paths(ask(index, "chart")) == [GUIDE_1, GUIDE_3]
    assert ask(index, "quite").total == 0
    assert index.states()[1] == "state 1"


def test_a_new_generation_is_asked_from_the_switch_on(engine: SearchEngine) -> None:
    with engine.open() as index:
        fill(index)
    name = engine.begin()
    with engine.open_generation(name) as aside, engine.open() as before:
        aside.apply(Update(9, documents=code(9, "n.txt", "brandnew", "Text")))
        assert paths(ask(before, "chart")) == [GUIDE_1, GUIDE_3]
        engine.switch(name)
        # who has the old one open goes on
        assert paths(ask(before, "chart")) == [GUIDE_1, GUIDE_3]
    with engine.open() as after:
        assert paths(ask(after, "brandnew OR chart", (1, 2, 3, 9))) == ["9:n.txt"]


def test_an_index_has_a_name_and_says_how_much_is_in_it(engine: SearchEngine) -> None:
    with engine.open() as index:
        name = index.generation
        assert index.count() == 0
        fill(index)
        assert index.count() == 15
        index.forget(3)
    with engine.open() as index:
        assert (index.generation, index.count()) == (name, 13)
    engine.switch(made := engine.begin())
    with engine.open() as index:
        assert (index.generation, index.count()) == (made, 0)


def test_what_was_begun_and_never_asked_is_dropped(engine: SearchEngine) -> None:
    with engine.open() as index:
        fill(index)
    size = engine.size()
    name = engine.begin()
    with engine.open_generation(name) as aside:
        fill(aside)
    engine.drop_unfinished()
    with engine.open() as index:
        # Whoosh's files go when nobody can be reading them any more, and somebody writes
        assert paths(ask(index, "chart")) == [GUIDE_1, GUIDE_3]
    if not isinstance(engine, WhooshEngine):
        assert engine.size() <= size
        with pytest.raises(SearchError), engine.open_generation(name):
            pass


def test_a_query_that_takes_too_long_ends_in_words(index: Index) -> None:
    documents = [document for number in range(300) for document in code(1, f"f{number}.txt", f"a{number} b c", "Text")]
    index.apply(Update(1, documents=documents))
    with pytest.raises(TooCostlyError, match="took too long"):
        index.candidates(parse_query("path:f"), Scope((1,), DocumentKind.CODE, 1000, -1.0))


LETTERS = st.text(alphabet="abAB_ é.1\n", min_size=0, max_size=12)
NEAR = st.text(alphabet="abAB_é1", min_size=1, max_size=4)


def queries() -> st.SearchStrategy[Node]:
    leaf: st.SearchStrategy[Node] = st.one_of(
        NEAR.map(lambda text: Word(text.lower())),
        NEAR.map(lambda text: Prefix(text.lower())),
        st.lists(NEAR.map(str.lower), min_size=2, max_size=3).map(lambda found: Phrase(tuple(found))),
        st.text(alphabet="ab_é1.", min_size=3, max_size=5).map(Substring),
        st.text(alphabet="abA.1", min_size=1, max_size=5).map(Pattern),
        st.sampled_from(["a", "b/*.c", "**", "?"]).map(InPath),
        st.sampled_from(["c", "d"]).map(WithExtension),
        st.frozensets(st.integers(1, 3), min_size=1).map(InRepositories),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: And(tuple(found))),
            st.lists(inner, min_size=2, max_size=3).map(lambda found: Or(tuple(found))),
        ),
        max_leaves=5,
    ).filter(lambda node: any(wanted for _leaf, wanted in leaves(node)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(LETTERS, min_size=1, max_size=6), asked=st.lists(queries(), min_size=1, max_size=4))
def test_an_index_finds_what_the_rules_say(engine: SearchEngine, texts: list[str], asked: list[Node]) -> None:
    documents = [
        document
        for number, text in enumerate(texts)
        for document in code(number % 3 + 1, f"{'b/' * (number % 2)}a{number}.{'cd'[number % 2]}", text, "Text")
    ]
    name = engine.begin()
    with engine.open_generation(name) as index:
        for document in documents:
            index.apply(Update(document.facts.repository_id, documents=[document]))
        for query in asked:
            found = find(index, query, searched(1, 2), Narrowing(DocumentKind.CODE), limit=100)
            expected = sorted(
                document.facts.path
                for document in documents
                if document.facts.kind is DocumentKind.CODE
                and document.facts.repository_id != 3
                and matches(query, Reading(document.facts, document.text.encode()))
            )
            assert not shows_all_branches(query)
            assert sorted(hit.facts.path for hit in found.hits) == expected
