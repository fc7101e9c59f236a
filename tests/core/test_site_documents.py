"""Settings of the site that are read together, as text."""

from kallithea.core.site_documents import (
    IssueRule,
    Looks,
    RepositoryDefaults,
    mark_of,
    pack,
    unpack_looks,
    unpack_repository_defaults,
)


def test_what_is_packed_comes_back() -> None:
    looks = Looks("Håvn", False, 20, (IssueRule(r"#(\d+)", r"/i/\1", ""), IssueRule("P", "/p", "x")))
    assert unpack_looks(pack(looks)) == looks
    defaults = RepositoryDefaults("hg", True, False, False)
    assert unpack_repository_defaults(pack(defaults)) == defaults


def test_a_new_site_has_what_is_written_in_the_code() -> None:
    for text in (None, "", "{}"):
        assert unpack_looks(text) == Looks()
        assert unpack_repository_defaults(text) == RepositoryDefaults()


def test_what_a_later_version_has_written_is_left_out() -> None:
    assert unpack_looks('{"title": "T", "colour": "blue"}') == Looks("T")


def test_mark_stands_for_the_named_values_alone() -> None:
    first, second = Looks("A", list_length=20), Looks("A", list_length=30)
    assert mark_of(first, ["title"]) == mark_of(second, ["title"])
    assert mark_of(first, ["title", "list_length"]) != mark_of(second, ["list_length", "title"])
