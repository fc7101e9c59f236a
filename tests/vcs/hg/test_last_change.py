"""The last changes of a folder in Mercurial: revisions of files that were made twice, or where nobody may see."""

from collections.abc import Callable

from kallithea.vcs.hg.repository import HgRepository
from kallithea.vcs.last_change import LastChanges
from kallithea.vcs.types import Kind
from tests.factories.real_log import real_last_changes
from tests.factories.repositories import Executable, HgBuilder

Open = Callable[[HgBuilder], HgRepository]


def assert_as_hg_log(builder: HgBuilder, found: LastChanges) -> None:
    asked = [(found.commit_id, name) for name in found.changes]
    assert list(found.changes.values()) == real_last_changes(Kind.HG, builder.path, asked)


def test_a_revision_made_twice_belongs_to_each_branch(builder: HgBuilder, reopened: Open) -> None:
    base = builder.commit({b"f": b"1", b"g": b"1"})
    one = builder.commit({b"f": b"2"}, branch=b"one", parents=(base,))
    other = builder.commit({b"f": b"2"}, branch=b"other", parents=(base,), message=b"the same")
    later = builder.commit({b"g": b"2"}, branch=b"other")
    repository = reopened(builder)

    found = [repository.last_changes(at, b"", [b"f", b"g"]) for at in (one, later)]

    assert [dict(answers.changes) for answers in found] == [{b"f": one, b"g": base}, {b"f": other, b"g": later}]
    for answers in found:
        assert_as_hg_log(builder, answers)
    assert (
        repository.last_changes(later, b"", [b"f", b"g"], known=repository.last_changes(other, b"", [b"f"])) == found[1]
    )


def test_a_changeset_that_is_not_visible_is_never_the_answer(builder: HgBuilder, reopened: Open) -> None:
    base = builder.commit({b"f": b"1"})
    secret = builder.commit({b"f": b"2"}, branch=b"secret", parents=(base,))
    public = builder.commit({b"f": b"2"}, parents=(base,), message=b"the same")
    builder.set_phase(secret, "secret")

    assert reopened(builder).last_changes(public, b"", [b"f"]).changes == {b"f": public}


def test_what_is_known_of_a_changeset_that_is_not_visible_is_not_used(builder: HgBuilder, reopened: Open) -> None:
    base = builder.commit({b"f": b"1", b"d/g": b"1"})
    secret = builder.commit({b"d/g": b"2"}, branch=b"secret", parents=(base,))
    public = builder.commit({b"f": b"2"}, parents=(base,))
    builder.set_phase(secret, "secret")
    repository = reopened(builder)

    for known in (LastChanges(secret, {b"d": secret, b"f": base}), LastChanges(base, {b"d": secret, b"f": secret})):
        found = repository.last_changes(public, b"", [b"d", b"f"], known=known)
        assert found.changes == {b"d": base, b"f": public}


def test_a_change_of_flags_alone_is_no_revision(builder: HgBuilder, reopened: Open) -> None:
    first = builder.commit({b"f": b"1", b"d/f": b"1"})
    last = builder.commit({b"f": Executable(b"1"), b"d/f": Executable(b"1")})

    found = reopened(builder).last_changes(last, b"", [b"f", b"d"])

    assert found.changes == {b"f": first, b"d": last}
    assert_as_hg_log(builder, found)


def test_of_a_folder_the_newest_counts_even_where_a_merge_threw_it_away(builder: HgBuilder, reopened: Open) -> None:
    base = builder.commit({b"d/f": b"1", b"g": b"1"})
    main = builder.commit({b"d/f": b"2"}, parents=(base,))
    side = builder.commit({b"d/f": b"3"}, branch=b"side", parents=(base,))
    merge = builder.commit({b"d/f": b"2", b"g": b"2"}, parents=(main, side))
    repository = reopened(builder)

    found = repository.last_changes(merge, b"", [b"d", b"g"])

    assert_as_hg_log(builder, found)
    assert repository.last_changes(merge, b"", [b"d", b"g"], known=repository.last_changes(main, b"", [b"d"])) == found
