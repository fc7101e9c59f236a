"""``python -m kallithea.cli``: the ``kallithea`` command without its script."""

from kallithea.cli.main import main

main(prog_name="kallithea")
