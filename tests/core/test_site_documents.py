"""Settings of the site that are read together, as text."""

from kallithea.core.site_documents import (
    IssueRule,
    Looks,
    RepositoryDefaults,
    pack,
    unpack_looks,
    unpack_repository_defaults,
    values_of,
)


def test_what_is_packed_comes_back() -> None:
    looks = Looks("Håvn", False, 20, issues=(IssueRule(r"#(\d+)", r"/i/\1", ""), IssueRule("P", "/p", "x")))
    assert unpack_looks(pack(looks)) == looks
    defaults = RepositoryDefaults("hg", True, False, False)
    assert unpack_repository_defaults(pack(defaults)) == defaults


def test_a_new_site_has_what_is_written_in_the_code() -> None:
    for text in (None, "", "{}"):
        assert unpack_looks(text) == Looks()
        assert unpack_repository_defaults(text) == RepositoryDefaults()


def test_what_a_later_version_has_written_is_left_out() -> None:
    assert unpack_looks('{"title": "T", "colour": "blue"}') == Looks("T")


def test_values_are_the_named_ones_alone() -> None:
    looks = Looks("A", issues=(IssueRule("a", "/b"), IssueRule("c", "/d", "e")))
    assert values_of(looks, ["title", "issues"]) == {"title": "A", "issues": ["a /b ", "c /d e"]}
