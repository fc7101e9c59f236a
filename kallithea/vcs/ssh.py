"""How ssh is started: with the key and the known hosts of this site, to a pinned IP address."""

import shlex

from kallithea.core.remote_addresses import RemoteAddress
from kallithea.vcs.remote import SshOptions
from kallithea.vcs.remote_hosts import CONNECT_SECONDS, PinnedHost

_NOTHING = "/dev/null"


def ssh_command(options: SshOptions, pinned: PinnedHost) -> list[str]:
    """The program and its options, before the host and the command. It asks nobody, and forwards nothing.

    Names of hosts are looked up by their own names, not by IP addresses. Of several IP addresses the first counts.
    """
    wanted = {
        "HostName": pinned.ips[0],
        "HostKeyAlias": host_key_name(pinned.address),
        "CheckHostIP": "no",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": str(options.known_hosts or _NOTHING),
        "GlobalKnownHostsFile": _NOTHING,
        "IdentityFile": str(options.key or _NOTHING),
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "BatchMode": "yes",
        "PreferredAuthentications": "publickey",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "ClearAllForwardings": "yes",
        "PermitLocalCommand": "no",
        "ProxyCommand": "none",
        "ConnectTimeout": f"{CONNECT_SECONDS:.0f}",
        "ServerAliveInterval": "15",
        "ServerAliveCountMax": "4",
    }
    return [options.program, "-F", _NOTHING, *(f"-o{name}={_quoted(value)}" for name, value in wanted.items())]


def ssh_arguments(options: SshOptions, pinned: PinnedHost) -> list[str]:
    """The whole way to the host; what is run there follows."""
    address = pinned.address
    user = ["-l", address.user] if address.user else []
    return [*ssh_command(options, pinned), "-p", str(address.port), *user, "--", address.host]


def ssh_for_shell(options: SshOptions, pinned: PinnedHost) -> str:
    """The program and its options as git runs them, by a shell."""
    return shlex.join(ssh_command(options, pinned))


def host_key_name(address: RemoteAddress) -> str:
    """How the host is called in the file of known hosts."""
    return address.host if address.port == 22 else f"[{address.host}]:{address.port}"


def _quoted(value: str) -> str:
    """A value that ssh does not split at blanks."""
    return f'"{value}"' if " " in value else value
