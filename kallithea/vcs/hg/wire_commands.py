"""Every command of Mercurial's wire protocol, as reading or writing. One that is missing here is refused."""

import enum


class Access(enum.Enum):
    """What a command does to a repository."""

    READ = enum.auto()
    WRITE = enum.auto()


COMMANDS: dict[bytes, Access] = {
    b"batch": Access.READ,
    b"between": Access.READ,
    b"branches": Access.READ,
    b"branchmap": Access.READ,
    b"capabilities": Access.READ,
    b"clonebundles": Access.READ,
    b"clonebundles_manifest": Access.READ,
    b"debugwireargs": Access.READ,
    b"get_cached_bundle_inline": Access.READ,
    b"getbundle": Access.READ,
    b"heads": Access.READ,
    b"hello": Access.READ,
    b"known": Access.READ,
    b"listkeys": Access.READ,
    b"lookup": Access.READ,
    b"protocaps": Access.READ,
    b"stream_out": Access.READ,
    # the evolve extension: which obsolescence markers both sides have
    b"evoext_obshash": Access.READ,
    b"evoext_obshash1": Access.READ,
    b"evoext_obshashrange_v1": Access.READ,
    b"evoext_pullobsmarkers_0": Access.READ,
    b"evoext_pushobsmarkers_0": Access.WRITE,
    b"pushkey": Access.WRITE,
    b"unbundle": Access.WRITE,
}

#: Commands of the largefiles extension, which is not served.
LARGE_FILES = frozenset({b"putlfile", b"getlfile", b"statlfile", b"lheads"})

#: Commands of clients before Mercurial 1.9, which could not read what is answered today.
OUTDATED = frozenset({b"changegroup", b"changegroupsubset"})

#: What may be put into one ``batch``: commands that answer in a few bytes and have no body of their own.
BATCHED = frozenset(
    {
        b"between",
        b"branches",
        b"branchmap",
        b"capabilities",
        b"clonebundles",
        b"clonebundles_manifest",
        b"debugwireargs",
        b"evoext_obshash",
        b"evoext_obshash1",
        b"evoext_obshashrange_v1",
        b"heads",
        b"hello",
        b"known",
        b"listkeys",
        b"lookup",
        b"protocaps",
        b"pushkey",
    }
)


# Parts of a ``batch`` whose answers are about what they name; those of others are as long as the repository is large.
_NARROW = frozenset({b"between", b"branches", b"known", b"lookup"})
# A client puts a look-up for each revision that its user names, and everything else once.
_MOST_PARTS, _MOST_WIDE_PARTS = 1000, 20


def find_access(command: bytes, arguments: dict[bytes, bytes]) -> Access | None:
    """What a request does, or None if it must be refused: a ``batch`` does what its parts do together, in bounds."""
    if command != b"batch":
        return COMMANDS.get(command)
    parts = [part.partition(b" ")[0] for part in arguments.get(b"cmds", b"").split(b";")]
    wide = sum(part not in _NARROW for part in parts)
    if not BATCHED.issuperset(parts) or len(parts) > _MOST_PARTS or wide > _MOST_WIDE_PARTS:
        return None
    return Access.WRITE if any(COMMANDS[part] is Access.WRITE for part in parts) else Access.READ
