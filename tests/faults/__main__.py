"""What ``scripts/faults`` runs: the tests of each fault, and a line about it."""

import os
import subprocess
import sys
import time

from tests.faults.table import FAULTS, Fault

_FULL = {"KALLITHEA_TEST_OUTAGE_SECONDS": "30", "KALLITHEA_TEST_KILLS": "20", "KALLITHEA_TEST_ROUNDS": "20"}


def main(words: list[str]) -> int:
    """Run the faults with these numbers, or all; the answer is 1 if one of them does not hold."""
    options = [word for word in words if word.startswith("-")]
    wanted = [word.upper() for word in words if not word.startswith("-")]
    unknown = sorted(set(wanted) - {fault.number for fault in FAULTS}) + sorted(set(options) - {"--short"})
    if unknown:
        print(f"There is no {', '.join(unknown)}. Usage: scripts/faults [--short] [F01 ...]", file=sys.stderr)
        return 2
    environment = dict(os.environ) if "--short" in options else {**_FULL, **os.environ}
    held = [_show(fault, environment) for fault in FAULTS if not wanted or fault.number in wanted]
    return 0 if all(held) else 1


def _show(fault: Fault, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-q", "--services", *fault.tests]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    result = "held" if done.returncode == 0 else "DID NOT HOLD"
    print(f"{fault.number}  {result:<13} {fault.done} ({time.monotonic() - began:.0f} s)", flush=True)
    if fault.not_shown:
        print(f"                   not shown here: {fault.not_shown}", flush=True)
    if done.returncode != 0:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
