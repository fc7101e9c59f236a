"""Memory goes back to the system."""

import gc
import re
import subprocess
import sys
from pathlib import Path

from kallithea.core.memory import release_memory


class Circle:
    """Refers to itself."""

    def __init__(self) -> None:
        self.self = self


def test_circles_are_collected() -> None:
    gc.collect()
    Circle()
    assert any(isinstance(one, Circle) for one in gc.get_objects())
    release_memory()
    assert not any(isinstance(one, Circle) for one in gc.get_objects())


def test_what_other_threads_needed_goes_back_to_the_system() -> None:
    """In a process of its own, whose memory is only its own."""
    script = Path(__file__).with_name("memory_of_threads.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    before, needed, after = (int(number) for number in re.findall(r"\d+", done.stdout))
    assert needed > before + 30_000
    assert after < before + 10_000


def test_threads_share_a_heap() -> None:
    script = Path(__file__).with_name("heaps_of_threads.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stderr.count("Arena") == 1


def test_the_texts_of_a_page_use_the_memory_of_the_page_before_and_a_large_one_gives_it_back() -> None:
    script = Path(__file__).with_name("faults_of_pieces.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    faults, needed, after = (int(number) for number in done.stdout.split())
    assert faults < 200
    assert after < needed - 30_000
