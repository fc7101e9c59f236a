"""Heavy processes have to find room; light ones never wait."""

import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

from kallithea.vcs.git.process import GitLimits, GitProcess, run_git
from kallithea.vcs.opener import VcsOptions
from kallithea.vcs.slots import Weight, take_slot
from kallithea.vcs.types import BusyError, LimitExceededError, RepositoryMissingError, VcsError
from tests.factories.repositories import GitBuilder
from tests.vcs.git.test_process import fake_git, process_is_gone

IMPATIENT = GitLimits(weight=Weight.HEAVY, patience=0)


@pytest.fixture
def options(tmp_path: pathlib.Path) -> VcsOptions:
    """A git that waits until it is killed, and room for two of them."""
    return VcsOptions(fake_git(tmp_path, "exec sleep 600\n").git_path, tmp_path / "slots", heavy_processes=2)


def is_free(options: VcsOptions, weight: Weight = Weight.HEAVY) -> bool:
    try:
        slot = take_slot(options, weight, 0)
    except BusyError:
        return False
    assert slot is not None
    slot.close()
    return True


def test_no_more_than_the_number_run_at_a_time(builder: GitBuilder, options: VcsOptions) -> None:
    with GitProcess(options, builder.path, "blame", limits=IMPATIENT) as first:
        with GitProcess(options, builder.path, "blame", limits=IMPATIENT), pytest.raises(BusyError, match="Try again"):
            GitProcess(options, builder.path, "blame", limits=IMPATIENT)
        assert is_free(options)
        first.kill()
        assert is_free(options)


def test_light_processes_and_upkeep_do_not_wait_for_heavy_ones(builder: GitBuilder, options: VcsOptions) -> None:
    taken = [take_slot(options, Weight.HEAVY, 0) for _ in range(2)]

    with GitProcess(options, builder.path, "ls-tree"):
        assert is_free(options, Weight.REPACK)

    for slot in taken:
        assert slot is not None
        slot.close()


def test_a_light_process_that_takes_long_needs_a_slot(builder: GitBuilder, options: VcsOptions) -> None:
    limits = GitLimits(seconds=30, light_seconds=0.1, patience=0)
    taken = [take_slot(options, Weight.HEAVY, 0) for _ in range(2)]
    with pytest.raises(BusyError), GitProcess(options, builder.path, "diff-tree", limits=limits) as process:
        process.read()
    for slot in taken:
        assert slot is not None
        slot.close()


def test_a_light_process_holds_its_slot_to_its_end(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    script = "echo begun; sleep 1; echo done\n"
    options = VcsOptions(fake_git(tmp_path, script).git_path, tmp_path / "slots", heavy_processes=1)
    with GitProcess(options, builder.path, "diff-tree", limits=GitLimits(light_seconds=0.2, patience=0)) as process:
        assert process.read() == b"begun\n"
        assert is_free(options)
        assert process.read() == b"done\n"
        assert not is_free(options)
    assert is_free(options)


def test_waiting_for_a_slot_can_be_part_of_the_time(builder: GitBuilder, options: VcsOptions) -> None:
    taken = take_slot(options, Weight.REPACK, 0)
    assert taken is not None
    threading.Timer(0.5, taken.close).start()
    limits = GitLimits(seconds=0.4, weight=Weight.REPACK, patience=10, patience_counts=True)
    with GitProcess(options, builder.path, "repack", limits=limits) as process, pytest.raises(LimitExceededError):
        assert not process.has_answered(0)


def test_upkeep_runs_alone_and_yields(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    script = f"sleep 0.3; ps -o ni= -p $$ > {tmp_path}/after\n"
    options = VcsOptions(fake_git(tmp_path, script).git_path, tmp_path / "slots")
    limits = GitLimits(weight=Weight.REPACK, patience=0)

    with GitProcess(options, builder.path, "repack", limits=limits) as process:
        assert not is_free(options, Weight.REPACK)
        process.finish()

    assert (tmp_path / "after").read_text().strip() == "19"


def test_jobs_leave_a_slot_to_those_who_wait_for_a_page(options: VcsOptions) -> None:
    job = take_slot(options, Weight.JOB, 0)
    with pytest.raises(BusyError):
        take_slot(options, Weight.JOB, 0)

    page = take_slot(options, Weight.HEAVY, 0)

    assert job is not None
    assert page is not None
    assert not is_free(options)
    job.close()
    assert is_free(options, Weight.JOB)
    page.close()


def test_jobs_have_the_only_slot_there_is(tmp_path: pathlib.Path) -> None:
    assert is_free(VcsOptions(slot_folder=tmp_path / "slots", heavy_processes=1), Weight.JOB)


def test_jobs_that_wait_take_no_place_of_those_who_wait_for_a_page(options: VcsOptions) -> None:
    taken = [take_slot(options, Weight.HEAVY, 0) for _ in range(2)]

    def wait() -> None:
        with pytest.raises(BusyError):
            take_slot(options, Weight.JOB, 2)

    threads = [threading.Thread(target=wait) for _ in range(9)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    assert taken[0] is not None
    threading.Timer(0.3, taken[0].close).start()

    page = take_slot(options, Weight.HEAVY, 30)

    assert page is not None
    for thread in threads:
        thread.join()
    page.close()
    assert taken[1] is not None
    taken[1].close()


def test_who_waits_gets_the_slot_that_becomes_free(options: VcsOptions) -> None:
    taken = [take_slot(options, Weight.HEAVY, 0) for _ in range(2)]
    assert taken[0] is not None
    assert taken[1] is not None
    threading.Timer(0.2, taken[0].close).start()

    slot = take_slot(options, Weight.HEAVY, 30)

    assert slot is not None
    slot.close()
    taken[1].close()


def test_only_some_may_wait_so_that_pages_keep_their_threads(options: VcsOptions) -> None:
    taken = [take_slot(options, Weight.HEAVY, 0) for _ in range(2)]
    refused: list[float] = []

    def wait() -> None:
        started = time.monotonic()
        with pytest.raises(BusyError):
            take_slot(options, Weight.HEAVY, 1.5)
        refused.append(time.monotonic() - started)

    threads = [threading.Thread(target=wait) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([seconds for seconds in refused if seconds >= 1.5]) == 4, "two for each slot"
    for slot in taken:
        assert slot is not None
        slot.close()


def test_slot_is_free_when_the_process_could_not_start(options: VcsOptions, tmp_path: pathlib.Path) -> None:
    with pytest.raises(RepositoryMissingError):
        run_git(options, tmp_path / "absent", "blame", limits=IMPATIENT)
    with pytest.raises(VcsError):
        run_git(
            VcsOptions("/absent/git", options.slot_folder), GitBuilder(tmp_path / "r").path, "blame", limits=IMPATIENT
        )

    both = [take_slot(options, Weight.HEAVY, 0) for _ in range(2)]
    for slot in both:
        assert slot is not None
        slot.close()


def test_slot_is_kept_by_a_git_whose_starter_was_killed(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    options = VcsOptions(
        fake_git(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 600\n").git_path, tmp_path / "slots", 1
    )
    script = (
        "import pathlib, sys, time\n"
        "from kallithea.vcs.git.process import GitLimits, GitProcess\n"
        "from kallithea.vcs.slots import Weight\n"
        "from kallithea.vcs.opener import VcsOptions\n"
        "options = VcsOptions(sys.argv[1], pathlib.Path(sys.argv[2]), 1)\n"
        "process = GitProcess(options, pathlib.Path(sys.argv[3]), 'blame', limits=GitLimits(weight=Weight.HEAVY))\n"
        "print('started', flush=True)\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", script, options.git_path, str(options.slot_folder), str(builder.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == b"started\n"
        starter.kill()
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.01)

    assert not is_free(options)
    os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not is_free(options):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_folder_that_cannot_hold_slots(tmp_path: pathlib.Path) -> None:
    (tmp_path / "slots").write_text("a file")
    with pytest.raises(VcsError, match="cannot be used"):
        take_slot(VcsOptions(slot_folder=tmp_path / "slots"), Weight.HEAVY, 0)


def test_who_yields_is_asked_to_end_so_that_git_removes_its_locks(builder: GitBuilder, tmp_path: pathlib.Path) -> None:
    script = f"trap 'touch {tmp_path}/cleaned; exit 1' TERM\ntouch {tmp_path}/started\nsleep 600 & wait\n"
    options = fake_git(tmp_path, script)
    for weight, cleaned in ((Weight.LIGHT, False), (Weight.BACKGROUND, True)):
        (tmp_path / "started").unlink(missing_ok=True)
        with GitProcess(options, builder.path, "repack", limits=GitLimits(weight=weight)):
            while not (tmp_path / "started").exists():
                time.sleep(0.01)
        assert (tmp_path / "cleaned").exists() == cleaned


def test_who_does_not_end_when_asked_is_killed(
    builder: GitBuilder, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kallithea.vcs.git.child._GRACE_SECONDS", 0.2)
    options = fake_git(tmp_path, f"trap '' TERM\necho $$ > {tmp_path}/pid\nwhile :; do sleep 0.05; done\n")
    with GitProcess(options, builder.path, "repack", limits=GitLimits(weight=Weight.BACKGROUND)):
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            time.sleep(0.01)
    assert process_is_gone(int((tmp_path / "pid").read_text()))
