"""gitweb, as FastCGI processes behind Apache: gitweb(1), "Apache with FastCGI"."""

import contextlib
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kallithea.vcs.types import Kind
from scripts.benchmarks.pages import targets
from scripts.benchmarks.peers import apache
from scripts.benchmarks.serving import free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite, fill

_PROGRAM = Path("/usr/share/gitweb/gitweb.cgi")
_FAST_CGI = Path("/usr/share/perl5/CGI/Fast.pm")
_PROCESSES = 2
#: It shows a hundred commits on a page, and that cannot be changed.
_PAGE = 100
_ADDRESSES: dict[type[targets.Target], str] = {
    targets.Summary: "/?p={repository};a=summary",
    targets.Folder: "/?p={repository};a=tree;hb={commit};f={path}",
    targets.File: "/?p={repository};a=blob;hb={commit};f={path}",
    targets.Blame: "/?p={repository};a=blame;hb={commit};f={path}",
    targets.Log: "/?p={repository};a=shortlog;h={commit};pg=",
    targets.PathLog: "/?p={repository};a=history;hb={commit};f={path}",
    targets.Change: "/?p={repository};a=commitdiff;h={commit}",
    targets.Raw: "/?p={repository};a=blob_plain;hb={commit};f={path}",
    targets.Archive: "/?p={repository};a=snapshot;h={commit};sf=tgz",
}

# It ends after a hundred requests, and whoever runs it starts it again.
_AGAIN_AND_AGAIN = f"while :; do {_PROGRAM} --fastcgi; done"


@dataclass(frozen=True)
class Gitweb:
    """Without a start of Perl for each request, which is most of what it takes as a plain CGI program."""

    name: str = "gitweb"
    command: str = f"apache2 (prefork, mod_proxy_fcgi) with {_PROCESSES} processes {_PROGRAM} --fastcgi"
    kind: Kind | None = Kind.GIT
    makes_pages: bool = True
    keeps_pages: bool = False

    def find_missing(self) -> str:
        """See ``sites.Site``."""
        missing = apache.find_missing("env", "proxy", "proxy_fcgi")
        missing += [str(path) for path in (_PROGRAM, _FAST_CGI) if not path.exists()]
        return f"{' '.join(missing)}: apt-get install apache2 gitweb libcgi-fast-perl" if missing else ""

    @contextlib.contextmanager
    def serve(self, folder: Path, repositories: Sequence[Path]) -> Iterator[RunningSite]:
        """See ``sites.Site``."""
        port, socket_path = free_port(), folder / "fastcgi"
        (folder / "projects").write_text("".join(f"{path.name}\n" for path in repositories))
        (folder / "gitweb.conf").write_text(f"""
$projectroot = "{repositories[0].parent}";
$projects_list = "{folder}/projects";
$feature{{"blame"}}{{"default"}} = [1];
$feature{{"snapshot"}}{{"default"}} = ["tgz"];
1;
""")
        directives = f"""
SetEnv GITWEB_CONFIG {folder}/gitweb.conf
ProxyPass / "unix:{socket_path}|fcgi://localhost/"
"""
        front = apache.write_configuration(folder, port, ("env", "proxy", "proxy_fcgi"), directives)
        with socket.socket(socket.AF_UNIX) as listener, contextlib.ExitStack() as servers:
            listener.bind(str(socket_path))
            listener.listen()
            # a FastCGI program finds the socket at which it is asked in the place of its standard input
            loop = ["sh", "-c", _AGAIN_AND_AGAIN]
            loops = [servers.enter_context(running(loop, folder, os.environ, listener)) for _ in range(_PROCESSES)]
            process_id = servers.enter_context(running(front, folder, os.environ))
            wait_until_served(port, "/", folder)
            yield RunningSite(port, (process_id, *loops))

    def address(self, repository: str, target: targets.Target) -> str:
        """See ``sites.Site``."""
        address = fill(_ADDRESSES, repository, target)
        if isinstance(target, targets.Log):
            return f"{address}{target.offset // _PAGE}"
        # the root has no name
        return address if target.path else address.replace(";hb=", ";h=").removesuffix(";f=")
