"""``scripts/simulate``: how far each plan for a site goes, and what ends it."""

import click

from scripts.simulation.model import find_busy, find_limit, simulate
from scripts.simulation.plans import PLANS

_LOAD = 0.7
_NEXT = 3


@click.command("simulate", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seconds", type=click.IntRange(1), default=30, help="How much time is simulated for each plan.")
@click.option("--seed", type=int, default=1, help="The same seed gives the same figures.")
def main(seconds: int, seed: int) -> None:
    """Print a table of plans: how many requests a second a plan could carry at most, and which part ends it.

    Then what a page takes at 70 % of that, and how busy the busiest parts are. docs/develop/scaling.md explains it.
    """
    click.echo("| Plan | Requests/s | Ended by | Page p50 / p95 at 70 % | Busiest parts at 70 % |")
    click.echo("|---|---|---|---|---|")
    for plan in PLANS:
        limit = find_limit(plan)
        outcome = simulate(plan, limit.rate * _LOAD, seconds, seed)
        busy = sorted(find_busy(plan, outcome.rate).items(), key=lambda item: -item[1])[:_NEXT]
        shares = ", ".join(f"{part} {share:.0%}" for part, share in busy)
        figures = f"{limit.rate:,.0f} | {limit.part} | {outcome.p50:.0f} / {outcome.p95:.0f} ms"
        click.echo(f"| {plan.name} | {figures} | {shares} |")


if __name__ == "__main__":
    main()
