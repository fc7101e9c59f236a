"""The editor of files: our modules and the npm packages that they import, joined into a few files for browsers."""

import subprocess
import tempfile
from pathlib import Path

from kallithea.front_end.errors import FrontEndError

_NOTICE = "/* CodeMirror and Lezer, MIT licence, (c) Marijn Haverbeke and others; the rest is Kallithea's own. */"


def bundle(entry: Path, packages: Path) -> dict[str, bytes]:
    """Join the module `entry` with what it imports; what is imported on use, or by several, is in more files.

    Returns names and contents. The entry keeps its name, which no other file imports; the names of the others hold the
    hashes of their contents. Raises FrontEndError.
    """
    with tempfile.TemporaryDirectory() as made:
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
        return {path.name: path.read_bytes() for path in sorted(Path(made).iterdir())}


def find_esbuild(packages: Path) -> Path:
    """The program of the npm package for this machine, which needs no Node. Raises FrontEndError."""
    found = next(iter(sorted(packages.glob("@esbuild/*/bin/esbuild"))), None)
    if found is None:
        raise FrontEndError("npm has no package @esbuild/* for this machine, so the editor cannot be built.")
    return found


def _run(program: Path, entry: Path, *options: str) -> None:
    command = [str(program), str(entry), *options]
    # The hashes depend on the paths of the sources, which esbuild takes from where it runs.
    result = subprocess.run(
        command, cwd=entry.parent, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise FrontEndError(f"esbuild could not join {entry}:\n{result.stderr}")
