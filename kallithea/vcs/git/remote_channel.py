"""How a git process reaches a repository elsewhere: by a pinned IP address, with no configuration but ours.

The password goes through a file in memory that only this process and git's helper have open, never through arguments,
the environment or the repository.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kallithea.core.words import _
from kallithea.vcs.git.durability import DURABLE
from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.git.wire import TOLERATED
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.remote import Credentials, RemoteError, RemoteSource
from kallithea.vcs.remote_guard import Guard
from kallithea.vcs.remote_hosts import PinnedHost, pin_host
from kallithea.vcs.remote_http import STALLED_SECONDS, follow_redirects
from kallithea.vcs.ssh import ssh_for_shell

_ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
_SUFFIX = "/info/refs?service=git-upload-pack"

# Of memory that git may ask for at once, in bytes; larger files are passed through piece by piece.
_LARGEST_PIECE = 1 << 30

_CONFIG = {
    "protocol.version": "2",
    # Redirects were followed before; this refuses those that come later, and alternates that a server names.
    "http.followRedirects": "false",
    "http.proxy": "",
    "http.sslVerify": "true",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": f"{STALLED_SECONDS:.0f}",
    # What a server says of other places to fetch from is not heeded.
    "transfer.bundleURI": "false",
    "fetch.uriProtocols": "",
    "fetch.recurseSubmodules": "false",
    "submodule.recurse": "false",
    "fetch.fsckObjects": "true",
    **{f"fetch.fsck.{fault}": "ignore" for fault in TOLERATED},
    # One pack, which is then given to the repository as it is.
    "fetch.unpackLimit": "1",
    "fetch.writeCommitGraph": "false",
    **DURABLE,
    "core.alternateRefsCommand": "true",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to a repository elsewhere. ``environment`` is a git process's; ``shared`` are files that it has to get."""

    url: str
    environment: Mapping[str, str]
    shared: tuple[int, ...]


def find_source(source: RemoteSource, guard: Guard) -> tuple[RemoteSource, PinnedHost]:
    """Where the address leads in the end, and its pinned host; looked up anew each time.

    Raises RemoteError, and what the guard raises.
    """
    if source.address.scheme not in ("http", "https"):
        return replace(source, credentials=None), pin_host(source.address, source.rules).narrowed()
    found = follow_redirects(source, _SUFFIX, lambda content_type: content_type == _ADVERTISEMENT, guard)
    return found.source, found.pinned


@contextlib.contextmanager
def open_channel(options: VcsOptions, source: RemoteSource, pinned: PinnedHost) -> Iterator[Channel]:
    """The channel, as long as the block lasts. Raises RemoteError."""
    address = pinned.address
    config = {**_CONFIG, "http.sslCAInfo": str(source.rules.ca_file)} if source.rules.ca_file else dict(_CONFIG)
    further = {"GIT_ALLOW_PROTOCOL": address.scheme, "GIT_ALLOC_LIMIT": str(_LARGEST_PIECE)}
    url = str(address)
    if address.scheme == "git":
        # Git has no other way to connect to one host and ask for another.
        further["GIT_OVERRIDE_VIRTUAL_HOST"] = f"{address.host_in_url}:{address.port}"
        url = str(replace(address, host=pinned.ips[0]))
    elif address.scheme == "ssh":
        further |= {"GIT_SSH_COMMAND": ssh_for_shell(source.rules.ssh, pinned), "GIT_SSH_VARIANT": "ssh"}
    elif ":" not in address.host:
        # An address needs no looking up, and curl takes none of IPv6 here.
        ips = ",".join(f"[{ip}]" if ":" in ip else ip for ip in pinned.ips)
        config["http.curloptResolve"] = f"{address.host}:{address.port}:{ips}"
    with _secret_file(source.credentials) as number:
        if number is not None:
            # '#' keeps the shell from what git puts behind it
            config["credential.helper"] = f"!cat /dev/fd/{number} #"
        environment = git_environment(config, options.lent_objects) | further
        yield Channel(url, environment, () if number is None else (number,))


@contextlib.contextmanager
def _secret_file(credentials: Credentials | None) -> Iterator[int | None]:
    """Number of a file that can be opened anew as /dev/fd/NUMBER, and that has no name."""
    if credentials is None:
        yield None
        return
    if any(mark in credentials.user + credentials.password for mark in "\n\r\0"):
        raise RemoteError(_("The user name or the password has a character that cannot be sent."))
    with contextlib.ExitStack() as stack:
        if hasattr(os, "memfd_create"):
            number = os.memfd_create("credentials", os.MFD_CLOEXEC)
            stack.callback(os.close, number)
        else:
            number = stack.enter_context(tempfile.TemporaryFile()).fileno()
        os.write(number, f"username={credentials.user}\npassword={credentials.password}\n".encode())
        yield number
