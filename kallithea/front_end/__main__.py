"""`python -m kallithea.front_end`: build the front end if it is not built, or not from the sources as they are."""

import sys

from kallithea.front_end.build import FrontEnd
from kallithea.front_end.catalogs import ensure_compiled
from kallithea.front_end.errors import FrontEndError


def main() -> int:
    """Build, and say what was done. Returns the exit code."""
    try:
        built = FrontEnd().ensure_built() | ensure_compiled()
    except FrontEndError as problem:
        print(problem, file=sys.stderr)
        return 1
    print("The front end was built." if built else "The front end is up to date.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
