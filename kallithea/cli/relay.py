"""``kallithea relay``: what `kallithea worker` does where Celery is used."""

import click

from kallithea.cli.background import stop_at_signals
from kallithea.cli.run import Run, with_run
from kallithea.core.logs import set_up_logging
from kallithea.tasks.broker import Broker
from kallithea.tasks.celery_app import make_celery
from kallithea.tasks.relay import run_relay


@click.command("relay")
@click.option("--parent", type=int, hidden=True, help="End when this process, which started the relay, is gone.")
@with_run
def relay(run: Run, parent: int | None) -> None:
    """Hand jobs over to the message broker, and ask for periodic ones, until SIGINT or SIGTERM."""
    set_up_logging(run.ini)
    broker = Broker(make_celery(run.settings, run.ini.application, handing_over=True))
    run_relay(run.waiting_application, broker, stop_at_signals(parent))
