"""Transfers from elsewhere, as their tasks show them."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass

from kallithea.model.outbox import JobProgress
from kallithea.vcs.remote import Amount, RemoteStep


@dataclass(frozen=True, slots=True)
class TransferState:
    """What pages show: when each step began, in order, and how much of the last one is done."""

    begun: Mapping[RemoteStep, datetime.datetime]
    amount: Amount | None
    changed: datetime.datetime


def read_transfer(row: JobProgress) -> TransferState:
    """What a TransferTeller has written down."""
    begun = json.loads(row.steps) if row.steps else {}
    times = {RemoteStep(step): datetime.datetime.fromtimestamp(at, datetime.UTC) for step, at in begun.items()}
    amount = Amount(**json.loads(row.detail)) if row.detail else None
    return TransferState(times, amount, row.changed)
