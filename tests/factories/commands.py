"""The real commands, whose answers ours have to be."""

import io
import os
import pathlib
import subprocess

from mercurial import dispatch, main_script

from kallithea.vcs.git.environment import git_environment
from kallithea.vcs.hg.mercurial_setup import new_ui


def git(repository: pathlib.Path, *arguments: str | bytes) -> bytes:
    """Run git in a repository and return its output; fails the test if git fails."""
    command = ["git", f"--git-dir={repository}", *arguments]
    done = subprocess.run(command, capture_output=True, env=git_environment(), cwd="/", check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def hg(repository: pathlib.Path, *arguments: str | bytes) -> bytes:
    """Run hg with a repository and return its output; fails the test if hg fails. It runs in this process: fast."""
    output, errors = io.BytesIO(), io.BytesIO()
    command = [b"--repository", os.fsencode(repository), *map(os.fsencode, arguments)]
    status = dispatch.dispatch(main_script.request(command, ui=new_ui(), fout=output, ferr=errors))
    assert status in (0, None), errors.getvalue().decode(errors="replace")
    return output.getvalue()
