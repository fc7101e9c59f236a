"""A commit whose tree is huge, though few objects make it."""

from tests.factories.repositories import ADA, FIRST_DATE, GitBuilder

_WIDTH = 10


def commit_bomb(builder: GitBuilder, depth: int, *parents: str, content: bytes = b"boom\n") -> str:
    """A commit with ten to the power of ``depth`` files in nested folders ``d0`` to ``d9``, all of them one object."""
    return _commit_nested(builder, depth, (b"100644", b"blob", builder.raw_object("blob", content)), parents)


def commit_empty_bomb(builder: GitBuilder, depth: int) -> str:
    """A commit with ten to the power of ``depth`` empty folders and no file."""
    return _commit_nested(builder, depth, (b"040000", b"tree", builder.raw_object("tree", b"")), ())


def _commit_nested(
    builder: GitBuilder, depth: int, innermost: tuple[bytes, bytes, str], parents: tuple[str, ...]
) -> str:
    mode, kind, object_id = innermost
    for _ in range(depth):
        lines = [b"%s %s %s\td%d\n" % (mode, kind, object_id.encode(), number) for number in range(_WIDTH)]
        object_id = builder.git("mktree", data=b"".join(lines)).decode().strip()
        mode, kind = b"040000", b"tree"
    when = b" %d +0000\n" % FIRST_DATE
    above = b"".join(b"parent " + parent.encode() + b"\n" for parent in parents)
    head = b"tree " + object_id.encode() + b"\n" + above + b"author " + ADA + when + b"committer " + ADA + when
    commit_id = builder.raw_object("commit", head + b"\nMany files\n")
    builder.ref(b"refs/heads/main", commit_id)
    return commit_id
