"""The menu of archives of a commit."""

from dataclasses import dataclass

from kallithea.render.text import one_line
from kallithea.vcs.archive import ArchiveFormat, ArchiveOrder
from kallithea.web.context import RepositoryContext
from kallithea.web.links import Links

# Documented: the folder's name is part of an archive's bytes, whatever pages show of an id.
_SHORT = 12
# What people ask for; a plain tar file has an address as well.
_OFFERED = (ArchiveFormat.TAR_GZ, ArchiveFormat.ZIP, ArchiveFormat.TAR_BZ2, ArchiveFormat.TAR_ZST)


@dataclass(frozen=True, slots=True)
class ArchiveChoice:
    """One archive. ``name`` is that of the downloaded file."""

    name: str
    address: str


def archive_name(repository_name: str, commit_id: str) -> str:
    """The folder that an archive unpacks into."""
    return f"{repository_name}-{commit_id[:_SHORT]}"


def archive_file_name(order: ArchiveOrder) -> bytes:
    """What the downloaded file is called."""
    folder = b"-" + order.path.replace(b"/", b"-") if order.path else b""
    return order.prefix + folder + b"." + order.format.encode()


def make_archive_menu(
    links: Links, context: RepositoryContext, commit_id: str, folder: bytes = b""
) -> tuple[ArchiveChoice, ...]:
    """Archives of a commit of the repository, or of a folder of it; none where its settings say so."""
    if not context.repository.downloads:
        return ()
    prefix = archive_name(context.name, commit_id).encode()
    return tuple(
        ArchiveChoice(
            one_line(archive_file_name(ArchiveOrder(commit_id, folder, prefix, kind))),
            links.archive(context.path, commit_id, kind, folder),
        )
        for kind in _OFFERED
    )
