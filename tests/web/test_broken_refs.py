"""Refs that lead to nothing, or cannot be read, spoil no page of the others."""

import pytest

from kallithea.core.access import Level
from kallithea.vcs.types import Kind
from tests.factories.repositories import GitBuilder
from tests.vcs.git.test_damage import damage, loose
from tests.web.site import Site, get

_PAGES = ("", "/branches", "/changelog", "/files", "/changeset/main", "/compare", "/compare/main...good", "/refs-menu")


@pytest.fixture
def builder(site: Site) -> GitBuilder:
    site.grant("visitors", Level.READ)
    builder = site.repository("r", Kind.GIT)
    assert isinstance(builder, GitBuilder)
    builder.bookmark(b"good", builder.commit({b"a": b"1"}))
    builder.commit({b"a": b"2"})
    return builder


def _read(site: Site) -> dict[str, str]:
    answers = {page: get(site.browser(), f"/r{page}") for page in _PAGES}
    assert {page: answer.status_int for page, answer in answers.items()} == dict.fromkeys(_PAGES, 200)
    return {page: answer.text for page, answer in answers.items()}


def test_a_branch_at_nothing(site: Site, builder: GitBuilder) -> None:
    (builder.path / "refs" / "heads" / "ghost").write_text("1" * 40 + "\n")

    text = _read(site)["/branches"]

    assert "good" in text
    assert f"Object {'1' * 40} is missing or damaged." in text


def test_a_branch_at_a_damaged_commit(site: Site, builder: GitBuilder) -> None:
    broken = builder.commit({b"a": b"3"}, branch=b"broken")
    damage(loose(builder, broken), "overwritten")

    text = _read(site)["/branches"]

    assert "good" in text
    assert f"Object {broken} is missing or damaged." in text


def test_a_damaged_tag_object(site: Site, builder: GitBuilder) -> None:
    damage(loose(builder, builder.annotated_tag(b"v1", builder.tips[b"main"])), "overwritten")

    _read(site)


@pytest.mark.parametrize("line", [b"rubbish\n", b"1234 refs/heads/x\n", b"\xff\0\n", b"no line end"])
def test_a_bad_line_in_packed_refs(site: Site, builder: GitBuilder, line: bytes) -> None:
    builder.git("pack-refs", "--all")
    with (builder.path / "packed-refs").open("ab") as file:
        file.write(line)

    _read(site)
