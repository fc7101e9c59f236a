"""HEAD follows the branches that are pushed into a new repository."""

import pytest

from kallithea.vcs.git.default_branch import HEAD, find_head_change
from kallithea.vcs.types import RefState, RefUpdate

ID = "a" * 40


@pytest.mark.parametrize(
    ("head", "existing", "pushed", "branch"),
    [
        ("ref:refs/heads/main", [], ["refs/heads/main"], None),
        ("ref:refs/heads/main", [], ["refs/heads/topic", "refs/heads/master"], "refs/heads/master"),
        ("ref:refs/heads/main", [], ["refs/heads/b", "refs/heads/a"], "refs/heads/b"),
        ("ref:refs/heads/main", [], ["refs/tags/v1"], None),
        ("ref:refs/heads/main", ["refs/heads/main"], ["refs/heads/master"], None),
        ("ref:refs/heads/main", ["refs/heads/trunk"], ["refs/heads/a"], "refs/heads/trunk"),
        (ID, [], ["refs/heads/master"], None),
        ("", [], ["refs/heads/master"], None),
        ("ref:refs/heads/n\u00e4me", [], ["refs/heads/n\u00e4me"], None),
    ],
)
def test_head(head: str, existing: list[str], pushed: list[str], branch: str | None) -> None:
    refs = {name.encode(): ID for name in existing} | ({HEAD: head} if head else {})
    change = find_head_change(RefState("", refs), [RefUpdate(name.encode(), None, ID) for name in pushed])
    if branch is None:
        assert change is None
    else:
        assert change is not None
        assert change.branch == branch.encode()
        assert change.update == RefUpdate(HEAD, head, f"ref:{branch}")


def test_deletion_is_no_reason() -> None:
    state = RefState("", {HEAD: "ref:refs/heads/main", b"refs/heads/a": ID})
    change = find_head_change(state, [RefUpdate(b"refs/heads/b", ID, None)])
    assert change is not None
    assert change.branch == b"refs/heads/a"
