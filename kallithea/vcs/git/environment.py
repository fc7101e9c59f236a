"""What a git process is told by its environment: nothing of the machine's or the user's configuration, no prompts.

Configuration goes through ``GIT_CONFIG_COUNT``, which overrides the repository's own file, so that a repository taken
over from elsewhere cannot start programs by what its configuration says.
"""

import os
import pathlib
from collections.abc import Collection, Mapping

from kallithea.vcs.opener import VcsOptions

_INHERITED = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")

_FIXED = {
    "HOME": "/nonexistent",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
    # An object id must always mean the same content, because answers are cached by id.
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": "/nonexistent",
    # A partial clone must not fetch from its origin while somebody reads a page.
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}

_CONFIG = {
    # Repositories may belong to another account, such as that of an earlier installation.
    "safe.directory": "*",
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    "core.pager": "cat",
    "core.quotePath": "false",
    # Else each id on a command line makes git look for a ref of that name: one bad line in packed-refs ends it.
    "core.warnAmbiguousRefs": "false",
    # What is read are lines in UTF-8, in git's own order. The options of a command say all else that matters to it.
    "i18n.commitEncoding": "UTF-8",
    "i18n.logOutputEncoding": "UTF-8",
    "diff.orderFile": "/dev/null",
    "log.date": "default",
    "format.pretty": "medium",
    "grep.patternType": "default",
    "log.showSignature": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
}

# Bounds of one process's memory, which git by itself has none of worth the name. They cost no time on large histories.
_MEMORY = {
    # Objects that others are made from by deltas: a sixth of git's own value, whose hits were as many.
    "core.deltaBaseCacheLimit": "16m",
    # Pieces of packs that are mapped; the pages belong to the system, but count where memory is limited by group.
    "core.packedGitWindowSize": "8m",
    "core.packedGitLimit": "256m",
    # Larger files are passed through as they are: searching for likenesses holds ten of them in memory.
    "core.bigFileThreshold": "32m",
    # For each thread that packs.
    "pack.threads": "2",
    "pack.windowMemory": "32m",
    "pack.deltaCacheSize": "16m",
}


def git_environment(
    extra_config: Mapping[str, str] = {}, lent_objects: Collection[pathlib.Path] = ()
) -> dict[str, str]:
    """The whole environment of a git process; ``extra_config`` (``section.key`` to value) adds to or overrides ours.

    ``lent_objects`` are folders ``objects`` of other repositories, of which this process may read.
    """
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment.update(_FIXED)
    if lent_objects:
        environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = ":".join(_quoted(folder) for folder in lent_objects)
    config = {**_CONFIG, **_MEMORY, **extra_config}
    environment["GIT_CONFIG_COUNT"] = str(len(config))
    for number, (key, value) in enumerate(config.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _quoted(folder: pathlib.Path) -> str:
    """A folder in a list of git's, where a colon would end its name."""
    name = str(folder.absolute()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{name}"'


def git_folder(repository_path: pathlib.Path) -> pathlib.Path:
    """The folder with ``HEAD`` and ``objects``: the repository itself where it is bare, else its ``.git``."""
    inner = repository_path / ".git"
    return inner if (inner / "objects").is_dir() else repository_path


def git_command(options: VcsOptions, repository_path: pathlib.Path, *arguments: str | bytes) -> list[str | bytes]:
    """Arguments of a git process in a repository. Put values from users behind ``--end-of-options`` or ``--``."""
    return [options.git_path, f"--git-dir={git_folder(repository_path).absolute()}", *arguments]
