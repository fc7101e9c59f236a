"""git-http-backend, as a CGI program of Apache, as git-http-backend(1) says; pushes are on the disk as ours are."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.types import Kind
from scripts.benchmarks.pages.targets import Target
from scripts.benchmarks.peers import apache
from scripts.benchmarks.serving import free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite

_PROGRAM = Path("/usr/lib/git-core/git-http-backend")


@dataclass(frozen=True)
class HttpBackend:
    """Sends packs and shows no pages."""

    name: str = "http-backend"
    command: str = f"apache2 (prefork, mod_cgi) with {_PROGRAM}"
    kind: Kind | None = Kind.GIT
    makes_pages: bool = False
    keeps_pages: bool = False

    def find_missing(self) -> str:
        """See ``sites.Site``."""
        modules = apache.find_missing("cgi", "alias", "env", "setenvif")
        missing = [*modules, *([] if _PROGRAM.exists() else [str(_PROGRAM)])]
        return f"{' '.join(missing)}: apt-get install apache2 git" if missing else ""

    @contextlib.contextmanager
    def serve(self, folder: Path, repositories: Sequence[Path]) -> Iterator[RunningSite]:
        """See ``sites.Site``."""
        port = free_port()
        directives = f"""
SetEnv GIT_PROJECT_ROOT {repositories[0].parent}
SetEnv GIT_HTTP_EXPORT_ALL
SetEnv GIT_CONFIG_COUNT 4
SetEnv GIT_CONFIG_KEY_0 safe.directory
SetEnv GIT_CONFIG_VALUE_0 *
SetEnv GIT_CONFIG_KEY_1 uploadpack.allowFilter
SetEnv GIT_CONFIG_VALUE_1 true
SetEnv GIT_CONFIG_KEY_2 http.receivepack
SetEnv GIT_CONFIG_VALUE_2 true
SetEnv GIT_CONFIG_KEY_3 core.fsync
SetEnv GIT_CONFIG_VALUE_3 {DURABLE["core.fsync"]}
SetEnvIf Git-Protocol ".*" GIT_PROTOCOL=$0
ScriptAlias / {_PROGRAM}/
"""
        command = apache.write_configuration(folder, port, ("cgi", "alias", "env", "setenvif"), directives)
        with running(command, folder, os.environ) as process_id:
            wait_until_served(port, f"/{repositories[0].name}/info/refs?service=git-upload-pack", folder)
            yield RunningSite(port, (process_id,))

    def address(self, repository: str, target: Target) -> str:
        """See ``sites.Site``; there are no pages."""
        raise NotImplementedError
