"""Apache as it stands before the peers: as Debian configures it, less what they do not need."""

import os
from collections.abc import Sequence
from pathlib import Path

PROGRAM = Path("/usr/sbin/apache2")
MODULES = Path("/usr/lib/apache2/modules")


def find_missing(*modules: str) -> list[str]:
    """The programs and modules that are not here."""
    files = [PROGRAM, *(MODULES / f"mod_{name}.so" for name in modules)]
    return [str(path) for path in files if not path.exists()]


def write_configuration(folder: Path, port: int, modules: Sequence[str], directives: str) -> list[str | Path]:
    """Write the configuration of a server with two processes into the folder; the command that runs it.

    Apache waits for the CGI programs that it starts in its mode of processes (prefork) only: with threads it leaves
    them to the kernel, and nobody can tell what they took.
    """
    loaded = "\n".join(
        f"LoadModule {name}_module {MODULES}/mod_{name}.so" for name in ("mpm_prefork", "authz_core", *modules)
    )
    (folder / "httpd.conf").write_text(
        f"""
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
{loaded}
PidFile {folder}/httpd.pid
ErrorLog {folder}/httpd-error.log
Mutex file:{folder}
KeepAlive On
KeepAliveTimeout 300
MaxKeepAliveRequests 0
StartServers 2
MinSpareServers 1
MaxSpareServers 2
Timeout 300
AcceptPathInfo On
AllowEncodedSlashes NoDecode
{directives}
"""
    )
    command: list[str | Path] = [PROGRAM, "-D", "FOREGROUND", "-d", folder, "-f", folder / "httpd.conf"]
    # Apache refuses to work as root. In a user namespace root's own files stay readable, whoever Apache is there.
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000", *command] if os.getuid() == 0 else command
