"""What a repository's own configuration says changes no answer."""

from collections.abc import Callable, Iterator

import pytest

from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import VcsError
from tests.backends.readings import READINGS, Place, read_all
from tests.factories.repositories import GitBuilder

_OBEYED_BY_GIT = (
    "diff.orderFile=/nonexistent",
    "diff.noprefix=true",
    "diff.mnemonicPrefix=true",
    "diff.srcPrefix=x/",
    "diff.dstPrefix=y/",
    "diff.renames=false",
    "diff.renames=copies",
    "diff.renameLimit=1",
    "diff.ignoreSubmodules=all",
    "diff.submodule=log",
    "diff.algorithm=patience",
    "diff.context=0",
    "diff.interHunkContext=50",
    "diff.indentHeuristic=false",
    "diff.suppressBlankEmpty=true",
    "diff.external=/nonexistent",
    "diff.relative=true",
    "diff.odd.textconv=/nonexistent",
    "diff.odd.command=/nonexistent",
    "diff.odd.binary=true",
    "log.decorate=full",
    "log.follow=true",
    "log.abbrevCommit=true",
    "log.showRoot=false",
    "log.showSignature=true",
    "log.diffMerges=on",
    "log.excludeDecoration=*",
    "log.initialDecorationSet=all",
    "i18n.logOutputEncoding=UTF-16",
    "i18n.commitEncoding=UTF-16",
    "core.quotePath=true",
    "core.attributesFile=/etc/passwd",
    "core.abbrev=4",
    "core.pager=false",
    "core.ignoreCase=true",
    "core.precomposeUnicode=true",
    "core.fileMode=false",
    "core.symlinks=false",
    "core.autocrlf=true",
    "core.eol=crlf",
    "core.safecrlf=true",
    "core.useReplaceRefs=true",
    "core.warnAmbiguousRefs=true",
    "core.alternateRefsCommand=false",
    "color.ui=always",
    "color.diff=always",
    "blame.showEmail=true",
    "blame.ignoreRevsFile=/nonexistent",
    "format.pretty=raw",
    "format.notes=true",
    "format.attach=x",
    "pretty.raw=%H",
    "merge.default=odd",
    "merge.odd.driver=false",
    "submodule.recurse=true",
    "submodule.x.ignore=all",
    "mailmap.file=/nonexistent",
    "pack.useBitmapBoundaryTraversal=true",
    "alias.rev-list=!false",
    "feature.experimental=true",
    "filter.odd.smudge=false",
    "filter.odd.required=true",
    "transfer.hideRefs=refs",
    "uploadpack.hideRefs=refs",
    "log.date=nonsense",
    "format.pretty=nonsense",
    "i18n.logOutputEncoding=nonsense",
    "i18n.commitEncoding=nonsense",
)

# Of these, git takes no value that it does not know, whatever it is told after that.
_REFUSED_BY_GIT = (
    "diff.renames=nonsense",
    "diff.ignoreSubmodules=nonsense",
    "log.diffMerges=nonsense",
    "color.ui=nonsense",
    "core.abbrev=nonsense",
    "core.createObject=nonsense",
    "fetch.negotiationAlgorithm=nonsense",
    "grep.patternType=nonsense",
)


Expected = tuple[GitBuilder, Place, dict[str, object]]


def build(builder: GitBuilder) -> Place:
    """A history with a merge, a rename and attributes that name a driver."""
    text = b"".join(b"%d\n" % number for number in range(40))
    first = builder.commit(
        {b"d/file": text, b"other": text[3:] + b"end\n", b".gitattributes": b"* diff=odd merge=odd\n"}
    )
    second = builder.commit({b"d/file": text.replace(b"7\n", b"\xc3\xa9\n\n")}, parents=(first,), message="é".encode())
    side = builder.commit({b"side": b"x"}, parents=(first,), branch=b"side")
    builder.commit({b"side": b"x"}, parents=(second, side))
    changes = {b"moved": text[3:] + b"end\nmore\n", b"other": None, b"d/file": text.replace(b"3\n", b"three\n")}
    return Place(builder.commit(changes, message="Grüße\n\nvon drüben".encode()), b"d", b"file")


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """A repository, and what it answers without configuration."""
    builder = GitBuilder(tmp_path_factory.mktemp("configured") / "repository")
    place = build(builder)
    with GitRepository(VcsOptions(), builder.path) as repository:
        return builder, place, read_all(repository, place)


@pytest.fixture
def configure(expected: Expected) -> Iterator[Callable[[str], None]]:
    """Write a setting into the repository's configuration for the time of a test."""
    config = expected[0].path / "config"
    before = config.read_bytes()

    def write(setting: str) -> None:
        key, _, value = setting.partition("=")
        section, _, name = key.rpartition(".")
        head, _, part = section.partition(".")
        title = f'{head} "{part}"' if part else head
        config.write_bytes(before + f'[{title}]\n\t{name} = "{value}"\n'.encode())

    yield write
    config.write_bytes(before)


@pytest.mark.parametrize("setting", _OBEYED_BY_GIT)
def test_it_changes_nothing(expected: Expected, configure: Callable[[str], None], setting: str) -> None:
    builder, place, answers = expected
    configure(setting)
    with GitRepository(VcsOptions(), builder.path) as repository:
        assert read_all(repository, place) == answers | {"state": repository.state()}


@pytest.mark.parametrize("setting", _REFUSED_BY_GIT)
def test_what_git_refuses_is_said(expected: Expected, configure: Callable[[str], None], setting: str) -> None:
    builder, place, answers = expected
    configure(setting)
    with GitRepository(VcsOptions(), builder.path) as repository:
        for name, read in READINGS.items():
            refused, found = False, object()
            try:
                found = read(repository, place)
            except VcsError as problem:
                refused = "the repository's own configuration" in str(problem)
            assert refused or found == answers[name]


@pytest.mark.parametrize("setting", ["log.showRoot=nonsense", "color.ui=nonsense", "diff.renames=nonsense"])
def test_a_file_is_followed_whatever_it_says(
    expected: Expected, configure: Callable[[str], None], setting: str
) -> None:
    builder, place, answers = expected
    configure(setting)
    with GitRepository(VcsOptions(), builder.path) as repository:
        assert READINGS["log that follows"](repository, place) == answers["log that follows"]
