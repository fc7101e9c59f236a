"""The editor of files: our modules and the npm packages that they import, joined into a few files for browsers."""

import subprocess
import tempfile
from pathlib import Path

from kallithea.front_end.errors import FrontEndError

_NOTICE = "/* CodeMirror and Lezer, MIT licence, (c) Marijn Haverbeke and others; the rest is Kallithea's own. */"


def bundle(entry: Path, packages: Path, target: Path) -> None:
    """Fill the folder `target` with the module `entry` and what it imports; what is imported on use is in more files.

    Their names hold their hashes. Raises FrontEndError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as aside:
        made = Path(aside) / "made"
        _run(
            find_esbuild(packages),
            entry,
            "--bundle",
            "--format=esm",
            "--splitting",
            "--minify",
            "--target=es2022",
            "--charset=utf8",
            "--legal-comments=none",
            f"--banner:js={_NOTICE}",
            "--entry-names=[name]",
            "--chunk-names=[name]-[hash]",
            f"--outdir={made}",
        )
        if target.is_dir():
            target.rename(Path(aside) / "old")
        made.rename(target)


def find_esbuild(packages: Path) -> Path:
    """The program of the npm package for this machine, which needs no Node. Raises FrontEndError."""
    found = next(iter(sorted(packages.glob("@esbuild/*/bin/esbuild"))), None)
    if found is None:
        raise FrontEndError("npm has no package @esbuild/* for this machine, so the editor cannot be built.")
    return found


def _run(program: Path, entry: Path, *options: str) -> None:
    command = [str(program), str(entry), *options]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if result.returncode:
        raise FrontEndError(f"esbuild could not join {entry}:\n{result.stderr}")
