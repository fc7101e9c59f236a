"""How this machine is at the moment: what its slots, its processes of git and its stores hold.

It is the same whichever process is asked. Stores are looked through once in five minutes, by one process for all.
"""

import contextlib
import json
import pathlib
import re
import secrets
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from kallithea.core.locks import locked_names
from kallithea.services.application import Application
from kallithea.vcs.git.child import SLOTS
from kallithea.vcs.process_tree import count_with

_SIZES_KEPT = 300.0
# What stands behind the kind in the name of a slot's file: whose it is, and its number.
_AFTER_KIND = re.compile(r"(-[0-9a-f]{16})?-\d+$")
# Those that bound the whole machine; others are told of when they are used.
_KINDS = ("heavy", "heavy-waiting", "job-waiting", "repack", "make-machine", "push-machine", "waiting")


@dataclass(frozen=True, slots=True)
class StoreSize:
    """``size`` and ``limit`` in bytes."""

    entries: int
    size: int
    limit: int


def count_slots(application: Application) -> Mapping[str, int]:
    """How many slots are in use, by kind; ``waiting`` is of those who wait for a slot to clone or push."""
    wire = application.settings.cache_dir / "wire-slots"
    heavy = application.vcs_options.slot_folder
    names = [*locked_names(wire), *(locked_names(heavy) if heavy is not None else ())]
    found = Counter(_AFTER_KIND.sub("", name) for name in names)
    return dict.fromkeys(_KINDS, 0) | found | {"waiting": len(locked_names(wire / "queue"))}


def count_git_processes(application: Application) -> int:
    """How many processes of git run, and of what they have started."""
    return count_with(SLOTS, str(application.vcs_options.slot_folder))


def find_sizes(application: Application) -> Mapping[str, StoreSize]:
    """What the stores in files held within the last five minutes."""
    path = application.settings.cache_dir / "sizes.json"
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        if 0 <= time.time() - path.stat().st_mtime < _SIZES_KEPT:
            return {name: StoreSize(**size) for name, size in json.loads(path.read_bytes()).items()}
    usages = application.caches.usages()
    if application.packs is not None:
        usages["packs"] = application.packs.usage()
    sizes = {name: StoreSize(usage.entries, usage.size, usage.limit) for name, usage in usages.items()}
    _store(path, json.dumps({name: asdict(size) for name, size in sizes.items()}).encode())
    return sizes


def _store(path: pathlib.Path, data: bytes) -> None:
    # whoever asks next looks again where this cannot be written
    with contextlib.suppress(OSError):
        aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            aside.write_bytes(data)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
