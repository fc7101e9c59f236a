"""Sub-repositories of a changeset: where they lie, and at which commit each is pinned."""

from typing import Any

from kallithea.vcs.hg.handle import naming

#: The file that Mercurial keeps them in.
STATE_FILE = b".hgsubstate"


def read_subrepositories(context: Any) -> dict[bytes, str]:
    """Paths and pinned commits, read from the state file itself: what ``.hgsub`` says may be malformed."""
    if STATE_FILE not in context.manifest():
        return {}
    with naming(context.manifest()[STATE_FILE].hex()):
        lines = context[STATE_FILE].data().splitlines()
    pairs = (line.partition(b" ") for line in lines)
    return {path.strip(b"/"): pinned.decode("ascii", "replace") for pinned, _, path in pairs if path.strip(b"/")}
