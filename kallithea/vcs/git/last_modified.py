"""``git last-modified``, which git has since version 2.52 and calls experimental.

It writes ``COMMIT TAB PATH NUL`` for each entry. Version 2.52 answers for the root only, later ones for any folder. An
answer that leaves an entry out, or ends in ``BUG: paths remaining``, is not used.
"""

import pathlib
import re
from collections.abc import Collection

from kallithea.vcs.git.process import GitLimits, run_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import BusyError, LimitExceededError, VcsError

_VERSION = re.compile(rb"git version (\d{1,4})\.(\d{1,4})")
_SINCE = (2, 52)
# Asked once: a program that is replaced while the process lives is used as the one before it was.
_VERSIONS: dict[str, tuple[int, int]] = {}
_RECORD = re.compile(rb"((?:[0-9a-f]{24})?[0-9a-f]{40})\t(.+)", re.DOTALL)


def find_last_modified(
    options: VcsOptions, path: pathlib.Path, commit_id: str, folder: bytes, names: Collection[bytes], limits: GitLimits
) -> dict[bytes, str] | None:
    """For each name the commit that changed it last; None where git cannot tell of all.

    Raises LimitExceededError, BusyError.
    """
    if not _has_command(options, path):
        return None
    prefix = folder + b"/" if folder else b""
    command: list[str | bytes] = ["last-modified", "-z", "--end-of-options", commit_id, "--"]
    command += [prefix] if prefix else []
    try:
        output = run_git(options, path, *command, limits=limits)
    except (LimitExceededError, BusyError):
        raise
    except VcsError:
        return None
    records = [_RECORD.fullmatch(record) for record in output.split(b"\0")[:-1]]
    found = {record[2].removeprefix(prefix): record[1].decode("ascii") for record in records if record}
    complete = None not in records and output.endswith(b"\0")
    return {name: found[name] for name in names} if complete and found.keys() >= set(names) else None


def _has_command(options: VcsOptions, path: pathlib.Path) -> bool:
    program = options.git_path
    if program not in _VERSIONS:
        found = _VERSION.match(run_git(options, path, "version"))
        _VERSIONS[program] = (int(found[1]), int(found[2])) if found else (0, 0)
    return _VERSIONS[program] >= _SINCE
