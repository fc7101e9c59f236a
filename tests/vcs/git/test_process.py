"""The git program: what it is told, how long it may run, what it may not run itself."""

import os
import pathlib
import time
from collections.abc import Callable

import pytest

from kallithea.vcs.git.environment import git_command, git_environment
from kallithea.vcs.git.process import GitLimits, GitProcess, run_git, stream_git
from kallithea.vcs.git.repository import GitRepository
from kallithea.vcs.history import LogFilter
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.types import LimitExceededError, RepositoryMissingError, TooLargeError, VcsError
from tests.diffs import diff_of, raw_diff_of
from tests.factories.repositories import GitBuilder
from tests.factories.tree_bombs import commit_bomb

Open = Callable[[GitBuilder], GitRepository]
OPTIONS = VcsOptions()


def fake_git(tmp_path: pathlib.Path, script: str) -> VcsOptions:
    """Options with a git that is a shell script."""
    path = tmp_path / "fake-git"
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)
    return VcsOptions(git_path=str(path))


def process_is_gone(number: int) -> bool:
    status = pathlib.Path(f"/proc/{number}/stat")
    for _ in range(200):
        if not status.exists() or status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_output_is_returned(builder: GitBuilder) -> None:
    assert run_git(OPTIONS, builder.path, "rev-parse", "--is-bare-repository") == b"true\n"


def test_nothing_of_git_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_TRACE", "GIT_SSH_COMMAND", "GIT_EXTERNAL_DIFF", "GIT_ALTERNATE_OBJECT_DIRECTORIES"):
        monkeypatch.setenv(name, "/evil")
    monkeypatch.setenv("HOME", "/root")

    environment = git_environment({"a.b": "c"})

    assert "/evil" not in environment.values()
    assert environment["HOME"] == "/nonexistent"
    count = int(environment["GIT_CONFIG_COUNT"])
    pairs = {environment[f"GIT_CONFIG_KEY_{n}"]: environment[f"GIT_CONFIG_VALUE_{n}"] for n in range(count)}
    assert (pairs["a.b"], pairs["safe.directory"], pairs["core.hooksPath"]) == ("c", "*", "/dev/null")


def test_own_settings_may_be_overridden() -> None:
    environment = git_environment({"gc.auto": "7"})

    assert [value for name, value in environment.items() if name.startswith("GIT_CONFIG_VALUE")].count("7") == 1


def test_the_command_names_the_repository(builder: GitBuilder) -> None:
    assert git_command(OPTIONS, builder.path, "log") == ["git", f"--git-dir={builder.path}", "log"]


def test_no_configuration_of_the_user_counts(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitconfig").write_text("[user]\nname = from home\n")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert run_git(OPTIONS, builder.path, "config", "--default", "none", "user.name") == b"none\n"


def test_a_failure_is_an_error_with_words_for_the_log_only(builder: GitBuilder) -> None:
    with pytest.raises(VcsError) as problem:
        run_git(OPTIONS, builder.path, "rev-list", "--end-of-options", "absent", "--")

    assert str(problem.value) == "git rev-list failed with exit status 128."
    assert "absent" in "".join(problem.value.__notes__)


@pytest.mark.parametrize(
    "configuration",
    [
        "[core]\nabbrev = nonsense\n",
        "[core]\nbare = nonsense\n",
        "[core]\ncommentChar = ab\n",
        "[core]\ncompression = 99\n",
        "[core]\nrepositoryFormatVersion = 9\n",
        "[core]\nrepositoryFormatVersion = 1\n[extensions]\nnonsense = true\n",
        "[include]\npath = config\n",
        "no section\n",
    ],
)
def test_a_configuration_that_git_refuses_is_named(builder: GitBuilder, configuration: str) -> None:
    commit_id = builder.commit({b"f": b"1\n"})
    with (builder.path / "config").open("a") as file:
        file.write(configuration)

    with pytest.raises(VcsError, match="the repository's own configuration"):
        run_git(OPTIONS, builder.path, "rev-list", "--abbrev-commit", commit_id)


def test_an_accepted_status_is_no_error(builder: GitBuilder) -> None:
    assert run_git(OPTIONS, builder.path, "show-ref", accept=(0, 1)) == b""


def test_a_missing_repository(tmp_path: pathlib.Path) -> None:
    with pytest.raises(RepositoryMissingError):
        run_git(OPTIONS, tmp_path / "absent", "rev-parse")
    with pytest.raises(RepositoryMissingError):
        run_git(OPTIONS, tmp_path, "rev-parse")


def test_a_missing_git(builder: GitBuilder) -> None:
    with pytest.raises(VcsError, match="could not be started"):
        run_git(VcsOptions(git_path="/absent/git"), builder.path, "rev-parse")


def test_a_slow_command_is_ended_with_all_it_started(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, f"sleep 1000 & echo $! > {tmp_path}/child; echo $$ > {tmp_path}/parent; wait\n")

    with pytest.raises(LimitExceededError, match=r"longer than 0\.5 seconds"):
        run_git(options, builder.path, "anything", limits=GitLimits(seconds=0.5))

    for name in ("child", "parent"):
        assert process_is_gone(int((tmp_path / name).read_text()))


def test_a_command_has_a_bound_of_memory(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    # the bound is set a moment after the start
    options = fake_git(tmp_path, "sleep 0.3; ulimit -d\n")

    assert int(run_git(options, builder.path, "anything")) == 1 << 20
    assert run_git(options, builder.path, "anything", limits=GitLimits(total_memory=0)) == b"unlimited\n"


def test_what_a_killed_command_had_started_is_ended(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, f"sleep 1000 > /dev/null 2>&1 & echo $! > {tmp_path}/child; kill -KILL $$\n")

    with pytest.raises(VcsError, match="signal 9"):
        run_git(options, builder.path, "anything")

    assert process_is_gone(int((tmp_path / "child").read_text()))


def test_a_command_that_closes_its_output_and_stays_is_ended(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, "exec >&- 2>&-; sleep 1000\n")

    with pytest.raises(LimitExceededError):
        run_git(options, builder.path, "anything", limits=GitLimits(seconds=0.2))


def test_output_over_the_limit_ends_the_command(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, f"echo $$ > {tmp_path}/pid; yes\n")

    with pytest.raises(LimitExceededError, match="more than 1\u202f000\u202f000 bytes"):
        run_git(options, builder.path, "anything", limits=GitLimits(output=1_000_000))

    assert process_is_gone(int((tmp_path / "pid").read_text()))


def test_a_flood_of_errors_neither_blocks_nor_fills_memory(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, "yes error | head -c 3000000 >&2; echo done; exit 1\n")

    with pytest.raises(VcsError) as problem:
        run_git(options, builder.path, "anything")

    assert len("".join(problem.value.__notes__)) < 10_000


def test_a_command_killed_by_a_signal(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, "kill -9 $$\n")

    with pytest.raises(VcsError, match="signal 9"):
        run_git(options, builder.path, "anything")


def test_a_stream_that_is_left_ends_its_command(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, f"echo $$ > {tmp_path}/pid; yes\n")
    stream = stream_git(options, builder.path, "anything")
    next(stream)

    del stream

    assert process_is_gone(int((tmp_path / "pid").read_text()))


def test_git_writes_record_by_record_only_where_somebody_looks_before_the_end(
    builder: GitBuilder, tmp_path: pathlib.Path
) -> None:
    options = fake_git(tmp_path, 'echo "${GIT_FLUSH-each}"')
    assert run_git(options, builder.path, "log") == b"0\n"
    assert b"".join(stream_git(options, builder.path, "log")) == b"each\n"


def test_a_slow_consumer_uses_up_no_time(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, "echo one; echo two\n")

    with GitProcess(options, builder.path, "anything", limits=GitLimits(seconds=0.3)) as process:
        received = process.read(4)
        time.sleep(0.4)
        received += process.read()
        assert process.read() == b""
        process.finish()

    assert received == b"one\ntwo\n"


def test_input_goes_through(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, "read line; echo got $line\n")

    with GitProcess(options, builder.path, "anything", with_input=True) as process:
        process.write(b"words\n")
        assert process.read() == b"got words\n"
        assert process.finish() == 0


def test_input_for_a_command_that_has_ended(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = fake_git(tmp_path, "exit 3\n")

    with GitProcess(options, builder.path, "anything", with_input=True) as process, pytest.raises(VcsError):
        process.write(b"x" * 1_000_000)


def test_nothing_that_a_repository_names_is_run(builder: GitBuilder, reopened: Open, tmp_path: pathlib.Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    with (builder.path / "config").open("a") as config:
        config.write(
            f"[diff]\nexternal = {trap}\n"
            f"[diff \"x\"]\ncommand = {trap}\ntextconv = {trap}\n"
            f"[filter \"y\"]\nclean = {trap}\nsmudge = {trap}\nprocess = {trap}\nrequired = true\n"
            f"[core]\nfsmonitor = {trap}\nhooksPath = {tmp_path}/hooks\npager = {trap}\nsshCommand = {trap}\n"
            f"alternateRefsCommand = {trap}\n[log]\nshowSignature = true\n[gpg]\nprogram = {trap}\n"
            f"[uploadpack]\npackObjectsHook = {trap}\n"
        )  # fmt: skip
    (builder.path / "info").mkdir(exist_ok=True)
    (builder.path / "info" / "attributes").write_text("* diff=x filter=y\n")
    builder.commit({b"a": b"a\n", b".gitattributes": b"* diff=x filter=y merge=z\n"})
    commit_id = builder.commit({b"a": b"b\n"})
    repository = reopened(builder)

    assert diff_of(repository, commit_id).changes.added == 1
    assert b"+b" in b"".join(raw_diff_of(repository, commit_id))
    repository.log(commit_id, LogFilter(path=b"a"))
    repository.refs()
    repository.blob(commit_id, b"a", limit=10)

    assert not (tmp_path / "sprung").exists()


def test_settings_of_a_repository_do_not_change_a_diff(builder: GitBuilder, reopened: Open) -> None:
    builder.commit({b"a b": b"".join(b"%d\n" % n for n in range(20))})
    commit_id = builder.commit({b"a b": None, b"c d": b"".join(b"%d\n" % n for n in range(19))})
    before = diff_of(reopened(builder), commit_id)

    for key, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "false"),
        ("diff.context", "0"),
        ("diff.suppressBlankEmpty", "true"),
        ("diff.orderFile", "/etc/passwd"),
        ("color.ui", "always"),
        ("color.diff", "always"),
        ("core.quotePath", "true"),
        ("diff.submodule", "log"),
    ):
        builder.git("config", key, value)

    assert diff_of(reopened(builder), commit_id) == before


@pytest.mark.parametrize("work", ["folder", "blob", "log", "search", "refs"])
def test_how_many_processes_a_page_costs(builder: GitBuilder, tmp_path: pathlib.Path, work: str) -> None:
    commit_id = builder.commit({b"d/%d" % number: b"x" for number in range(600)})
    builder.annotated_tag(b"v1", commit_id)
    counted = tmp_path / "counted"
    counted.touch()
    options = fake_git(tmp_path, f'echo >> {counted}\nexec git "$@"\n')

    with GitRepository(options, builder.path) as repository:
        match work:
            case "folder":
                repository.folder(commit_id, b"d")
            case "blob":
                repository.folder(commit_id, b"d")
                repository.blob(commit_id, b"d/1", limit=10)
            case "log":
                repository.log(commit_id)
            case "search":
                repository.log(commit_id, LogFilter(author=b"ada"))
            case "refs":
                repository.refs()

    expected = {"folder": 0, "blob": 0, "log": 1, "search": 2, "refs": 1}[work]
    assert len(counted.read_text().splitlines()) == expected


def test_a_commit_and_a_small_file_cost_no_process(builder: GitBuilder) -> None:
    commit_id = builder.commit({b"d/a": b"x"})

    with GitRepository(VcsOptions(git_path="/absent/git"), builder.path) as repository:
        assert repository.commit(commit_id).commit_id == commit_id
        assert repository.entry(commit_id, b"d").path == b"d"
        assert repository.entry(commit_id, b"d/a").size == 1
        assert repository.blob(commit_id, b"d/a", limit=10).data == b"x"
        assert repository.fingerprint()


def test_a_repository_of_another_owner_can_be_read(builder: GitBuilder, reopened: Open) -> None:
    if os.geteuid() != 0:
        pytest.skip("only the super-user can give files away")
    commit_id = builder.commit({b"a": b"a"})
    for folder, _, files in os.walk(builder.path):
        for name in [".", *files]:
            os.chown(pathlib.Path(folder, name), 12345, 12345)

    assert reopened(builder).count(commit_id) == 1


def test_an_object_too_large_for_memory_is_called_so(builder: GitBuilder) -> None:
    text = os.urandom(3_000_000)
    builder.commit({b"a": text})
    builder.commit({b"a": text + b"more"})
    builder.git("repack", "-adfq")
    limits = GitLimits(memory=1_500_000)

    with pytest.raises(TooLargeError, match="too large to be read whole"):
        run_git(OPTIONS, builder.path, "cat-file", "blob", "main~:a", limits=limits)


def test_memory_of_every_process_is_bounded(builder: GitBuilder) -> None:
    builder.git("config", "core.deltaBaseCacheLimit", "4g")
    builder.git("config", "core.bigFileThreshold", "4g")

    def ask(key: str) -> bytes:
        return run_git(OPTIONS, builder.path, "config", "--type=int", key)

    assert ask("core.deltaBaseCacheLimit") == b"%d\n" % (16 << 20)
    assert ask("core.bigFileThreshold") == b"%d\n" % (32 << 20)
    assert ask("pack.windowMemory") == b"%d\n" % (32 << 20)


def test_the_memory_of_a_process_is_bounded_as_a_whole(builder: GitBuilder) -> None:
    bomb = commit_bomb(builder, 6)
    command = ("diff-tree", "-r", "--root", "--raw", bomb)

    with pytest.raises(TooLargeError, match="memory"):
        run_git(OPTIONS, builder.path, *command, limits=GitLimits(total_memory=32 << 20))


def test_bounded_memory_leaves_room_for_packs_that_are_larger(builder: GitBuilder) -> None:
    commit_id = builder.commit({b"%d" % number: os.urandom(1 << 20) for number in range(40)})
    builder.git("repack", "-adq")
    limits = GitLimits(total_memory=32 << 20)

    assert len(run_git(OPTIONS, builder.path, "log", "-p", "--binary", commit_id, limits=limits)) > 40 << 20
