"""A push in the middle of its transaction. Arguments: the repository's folder, and how it ends.

With ``die`` it is killed, with ``die-late`` when others see its changeset already; else it waits.
"""

import os
import pathlib
import signal
import sys

from mercurial import context

from kallithea.vcs.hg.mercurial_setup import open_local

repository = open_local(pathlib.Path(sys.argv[1]))
# kept: both end with the last reference to them
held = repository.lock()
transaction = repository.transaction(b"serve")
context.memctx(
    repository,
    [repository[b"tip"].node(), repository.nullid],
    b"half",
    [b"file"],
    lambda repo, commit, path: context.memfilectx(repo, commit, path, b"half a push"),
    b"Ada <ada@example.org>",
    (0, 0),
).commit()
if sys.argv[2] == "die-late":
    transaction.addfinalize(b"~", lambda _transaction: os.kill(os.getpid(), signal.SIGKILL))
    transaction.close()
print("begun", flush=True)
if sys.argv[2] == "die":
    os.kill(os.getpid(), signal.SIGKILL)
sys.stdin.read()
