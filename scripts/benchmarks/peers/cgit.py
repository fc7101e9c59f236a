"""cgit, as a CGI program of Apache, as cgitrc(5) says."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.pages import targets
from scripts.benchmarks.peers import apache
from scripts.benchmarks.serving import free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite, fill

_PROGRAM = Path("/usr/lib/cgit/cgit.cgi")
_KEPT_PAGES = 1000
_ADDRESSES: dict[type[targets.Target], str] = {
    targets.Summary: "/{repository}/",
    targets.Folder: "/{repository}/tree/{path}?id={commit}",
    targets.File: "/{repository}/tree/{path}?id={commit}",
    targets.Blame: "/{repository}/blame/{path}?id={commit}",
    targets.Log: "/{repository}/log/?id={commit}&ofs={offset}",
    targets.PathLog: "/{repository}/log/{path}?id={commit}",
    targets.Change: "/{repository}/commit/?id={commit}",
    targets.Raw: "/{repository}/plain/{path}?id={commit}",
    targets.Archive: "/{repository}/snapshot/{repository}-{commit}.tar.gz",
}


@dataclass(frozen=True)
class Cgit:
    """With its cache of whole pages, or without."""

    keeps_pages: bool
    kind: Kind | None = Kind.GIT

    @property
    def name(self) -> str:
        """See ``sites.Site``."""
        return "cgit-cache" if self.keeps_pages else "cgit"

    @property
    def makes_pages(self) -> bool:
        """See ``sites.Site``."""
        return not self.keeps_pages

    @property
    def command(self) -> str:
        """See ``sites.Site``."""
        return f"apache2 (prefork, mod_cgi) with {_PROGRAM}, cache-size={self._cache_size}"

    def find_missing(self) -> str:
        """See ``sites.Site``."""
        missing = [*apache.find_missing("cgi", "alias", "env"), *([] if _PROGRAM.exists() else [str(_PROGRAM)])]
        return f"{' '.join(missing)}: apt-get install apache2 cgit" if missing else ""

    @contextlib.contextmanager
    def serve(self, folder: Path, repositories: Sequence[Path]) -> Iterator[RunningSite]:
        """See ``sites.Site``."""
        port, cache = free_port(), folder / "cache"
        cache.mkdir()
        settings = f"""
virtual-root=/
cache-size={self._cache_size}
cache-root={cache}
enable-blame=1
snapshots=tar.gz
"""
        listed = "".join(f"repo.url={path.name}\nrepo.path={path}\n" for path in repositories)
        (folder / "cgitrc").write_text(settings + listed)
        directives = f"SetEnv CGIT_CONFIG {folder}/cgitrc\nScriptAlias / {_PROGRAM}/\n"
        command = apache.write_configuration(folder, port, ("cgi", "alias", "env"), directives)
        with running(command, folder, os.environ) as process_id:
            wait_until_served(port, "/", folder)
            yield RunningSite(port, (process_id,))

    def address(self, repository: str, target: targets.Target) -> str:
        """See ``sites.Site``."""
        return fill(_ADDRESSES, repository, target)

    @property
    def _cache_size(self) -> int:
        return _KEPT_PAGES if self.keeps_pages else 0
