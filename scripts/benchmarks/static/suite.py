"""The suite of static files and compression: served by us, or by the web server in front."""

import contextlib
import gzip
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kallithea.vcs.types import Kind
from kallithea.web.static import PUBLIC
from kallithea.web.ui.shell import load_assets
from scripts.benchmarks.client import Answer, Client
from scripts.benchmarks.kallithea_site import Kallithea
from scripts.benchmarks.measuring import Cell, LackError, Visit, measure, warm_up
from scripts.benchmarks.peers import apache, nginx
from scripts.benchmarks.rows import Row, Unit
from scripts.benchmarks.serving import free_port, running, wait_until_served
from scripts.benchmarks.sites import RunningSite
from scripts.benchmarks.suite import Run

_ASSETS = re.compile(r'(?:href|src)="(/(?:css|js|images|icons|codemirror)/[^"#]+)')
_MODULES = ("mpm_prefork", "mime", "rewrite", "headers", "filter", "deflate")
_COMPRESSING = re.compile(r" +AddOutputFilterByType (?:.*\\\n)*.*\n")
_GZIP = {"Accept-Encoding": "gzip"}
_PROCESSES = (1, 2)
# Generated repositories below this scale are there to try the bench: one number of processes is enough.
_WHOLE = 0.1


@dataclass(frozen=True)
class _Way:
    """Somebody who serves the files: us with so many processes, or a web server. Pages come only from us."""

    name: str
    site: RunningSite


class Static:
    """See ``suite.Suite``."""

    about = (
        "Static files and compression. assets is what a first visit to a repository loads beside the page: served by "
        "us, with one and two processes, against nginx and Apache by the files of the administrator's guide. page is "
        "the page itself, alone and behind nginx, compressed and not; CPU time is that of nginx and ours together. "
        "bytes is what is sent, compressed against not."
    )
    workloads = ("assets", "page", "bytes")

    def missing(self) -> Sequence[str]:
        """See ``suite.Suite``."""
        without = apache.find_missing(*_MODULES)
        words = f"{' '.join(without)}: apt-get install apache2" if without else ""
        return [words for words in (nginx.find_missing(), words) if words]

    def run(self, run: Run) -> Iterator[Row]:
        """See ``suite.Suite``."""
        repository = run.repositories.ensure(Kind.GIT, run.sources.get(Kind.GIT))
        page = f"/{repository.name}"
        with contextlib.ExitStack() as stack:
            numbers = _PROCESSES if run.repositories.scale >= _WHOLE else _PROCESSES[-1:]
            ours = [_Way(_in_words(count), _serve(stack, run, repository, count)) for count in numbers]
            alone = ours[-1].site
            fronts = {on: _behind_nginx(stack, run, alone, compressing=on) for on in (False, True)}
            others = [_Way("nginx", front) for front in (fronts[True],) if front is not None]
            others += [_Way("apache", found) for found in _by_apache(stack, run)]
            assets = sorted(set(_ASSETS.findall(Client(alone.port).get(page).body.decode())))
            if "assets" in run.only:
                for headers, kind in (({}, "plain"), (_GZIP, "gzip")):
                    peers = [_cell(run, way, assets, headers) for way in others]
                    for way in ours:
                        cell = _cell(run, way, assets, headers, name="kallithea")
                        yield _row("assets", f"{kind}, {way.name}", [cell, *peers])
            behind = fronts[True], fronts[False]
            if "page" in run.only:
                yield from _pages(run, alone, behind, page)
            if "bytes" in run.only:
                yield _bytes("assets", alone.port, alone.port, assets)
                for compressing in behind[:1]:
                    if compressing is not None:
                        yield _bytes("page", compressing.port, alone.port, [page])


def _in_words(count: int) -> str:
    return f"{count} {'process' if count == 1 else 'processes'}"


def _serve(stack: contextlib.ExitStack, run: Run, repository: Path, count: int) -> RunningSite:
    folder = run.folder / f"kallithea-{count}"
    folder.mkdir(parents=True)
    # What a worker does of its own accord is not what is measured.
    site = Kallithea(settings=("worker=separate", f"workers={count}"))
    return stack.enter_context(site.serve(folder, [repository]))


def _behind_nginx(stack: contextlib.ExitStack, run: Run, site: RunningSite, *, compressing: bool) -> RunningSite | None:
    if nginx.find_missing():
        return None
    folder = run.folder / f"nginx-{'compressing' if compressing else 'plain'}"
    folder.mkdir()
    return stack.enter_context(nginx.in_front_of(site, folder, PUBLIC, compressing=compressing))


def _by_apache(stack: contextlib.ExitStack, run: Run) -> Iterator[RunningSite]:
    """Apache with the static files alone, if it is here."""
    if apache.find_missing(*_MODULES):
        return
    folder, port = run.folder / "apache", free_port()
    folder.mkdir()
    compressing = _COMPRESSING.findall((nginx.GUIDE / "apache.conf").read_text(encoding="utf-8"))
    static = nginx.replaced(nginx.GUIDE / "apache_static.conf", {nginx.DOCUMENTED_PUBLIC: str(PUBLIC)})
    directives = f"TypesConfig /etc/mime.types\n{''.join(compressing)}\n{static}"
    command = apache.write_configuration(folder, port, _MODULES[1:], directives)
    process_id = stack.enter_context(running(command, folder, os.environ))
    wait_until_served(port, f"/{load_assets(PUBLIC).paths['css/kallithea.css']}", folder)
    yield RunningSite(port, (process_id,))


def _cell(run: Run, way: _Way, addresses: Sequence[str], headers: Mapping[str, str], name: str = "") -> Cell:
    """One visit is all addresses, over a connection of its own."""
    visit = partial(_visit, way.site.port, addresses, headers)
    warm_up(visit, run.effort)
    # nginx's processes count with ours where it only serves files: ours have nothing to do then
    return measure(name or way.name, way.site, [visit], run.effort)


def _visit(port: int, addresses: Sequence[str], headers: Mapping[str, str]) -> Visit:
    client, started = Client(port), time.perf_counter()
    for address in addresses:
        _require(address, client.get(address, headers), compressed=bool(headers))
    client.close()
    wall = time.perf_counter() - started
    return Visit(wall, wall, len(addresses))


def _require(address: str, answer: Answer, *, compressed: bool) -> None:
    """Raise LackError unless the answer is the whole file, or the whole page."""
    if answer.status != 200:
        raise LackError(f"{address}: status {answer.status}")
    content = gzip.decompress(answer.body) if answer.body[:2] == b"\x1f\x8b" else answer.body
    path = PUBLIC / address.removeprefix("/")
    if content != path.read_bytes() if path.is_file() else b"</html>" not in content:
        raise LackError(f"{address}: not the whole content")
    if content is not answer.body and not compressed:
        raise LackError(f"{address}: compressed, and nobody has asked for it")


def _row(workload: str, kind: str, cells: Sequence[Cell]) -> Row:
    """Ours against the cheapest of the others."""
    ours, peers = cells[0], [cell for cell in cells[1:] if not cell.lack]
    best = min(peers, key=lambda cell: cell.cpu, default=None)
    return Row(
        workload,
        kind,
        Unit.CPU,
        None if ours.lack else ours.cpu,
        peer=best.cpu if best is not None else None,
        peer_name=best.name if best is not None else "",
        failure=ours.lack,
        cells=tuple(cells),
    )


def _pages(
    run: Run, alone: RunningSite, behind: tuple[RunningSite | None, RunningSite | None], page: str
) -> Iterator[Row]:
    """The page by us alone; behind nginx, against alone; and compressed there, against the same without."""
    compressing, plain = behind
    bare = _cell(run, _Way("alone", alone), [page], {})
    yield _row("page", "alone", [bare])
    if plain is not None and compressing is not None:
        passed = _cell(run, _Way("nginx", plain), [page], {})
        yield _row("page", "nginx", [passed, bare])
        yield _row("page", "nginx, gzip", [_cell(run, _Way("nginx, gzip", compressing), [page], _GZIP), passed])


def _bytes(kind: str, compressing: int, plain: int, addresses: Sequence[str]) -> Row:
    """What is sent for these addresses, from two ports: compressed, and not."""
    sizes = [
        sum(len(Client(port).get(address, headers).body) for address in addresses)
        for port, headers in ((compressing, _GZIP), (plain, {}))
    ]
    return Row("bytes", kind, Unit.BYTES, sizes[0], peer=sizes[1], peer_name="not compressed")
