"""hgweb of Debian's Mercurial, under mod_wsgi, as https://wiki.mercurial-scm.org/modwsgi says."""

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

_PACKAGE = Path("/usr/lib/python3/dist-packages/mercurial")
_PROCESSES = 2
_ADDRESSES: dict[type[targets.Target], str] = {
    # the first page of its style is the list of the newest changesets
    targets.Summary: "/{repository}/",
    targets.Folder: "/{repository}/file/{commit}/{path}",
    targets.File: "/{repository}/file/{commit}/{path}",
    targets.Blame: "/{repository}/annotate/{commit}/{path}",
    targets.Log: "/{repository}/shortlog/{first}?revcount={count}",
    targets.PathLog: "/{repository}/log/{commit}/{path}?revcount={count}",
    targets.Change: "/{repository}/rev/{commit}",
    targets.Raw: "/{repository}/raw-file/{commit}/{path}",
    targets.Archive: "/{repository}/archive/{commit}.tar.gz",
}
# Without the lazy imports that the page offers for CGI: two first requests at once fail in them.
_SCRIPT = """
from mercurial.hgweb import hgweb
application = hgweb({configuration!r})
"""


@dataclass(frozen=True)
class Hgweb:
    """In processes that stay. It answers "not modified" to those who come again."""

    name: str = "hgweb"
    command: str = f"apache2 (prefork, mod_wsgi) with {_PROCESSES} daemon processes of {_PACKAGE}"
    kind: Kind | None = Kind.HG
    makes_pages: bool = True
    keeps_pages: bool = True

    def find_missing(self) -> str:
        """See ``sites.Site``."""
        missing = [*apache.find_missing("wsgi"), *([] if _PACKAGE.exists() else [str(_PACKAGE)])]
        return f"{' '.join(missing)}: apt-get install apache2 libapache2-mod-wsgi-py3 mercurial" if missing else ""

    @contextlib.contextmanager
    def serve(self, folder: Path, repositories: Sequence[Path]) -> Iterator[RunningSite]:
        """See ``sites.Site``."""
        port = free_port()
        configuration = folder / "hgweb.config"
        paths = "".join(f"/{path.name} = {path}\n" for path in repositories)
        configuration.write_text(f"[paths]\n{paths}[web]\nallow-archive = gz\nallow-push = *\npush_ssl = false\n")
        (folder / "hgweb.wsgi").write_text(_SCRIPT.format(configuration=os.fsencode(configuration)))
        directives = f"""
WSGISocketPrefix {folder}/wsgi
WSGIDaemonProcess hgweb processes={_PROCESSES} threads=8 python-home=/usr
WSGIProcessGroup hgweb
WSGIApplicationGroup %{{GLOBAL}}
WSGIScriptAlias / {folder}/hgweb.wsgi
"""
        command = apache.write_configuration(folder, port, ("wsgi",), directives)
        # Python would take the packages of an environment whose program is the first there.
        environment = os.environ | {"HGRCPATH": os.devnull, "PATH": os.defpath}
        with running(command, folder, environment) as process_id:
            wait_until_served(port, "/", folder)
            yield RunningSite(port, (process_id,))

    def address(self, repository: str, target: targets.Target) -> str:
        """See ``sites.Site``."""
        return fill(_ADDRESSES, repository, target)
