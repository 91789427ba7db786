"""The catalogue at central's own machine: `python -m central publish`; see docs/operating/catalogue.md."""

import argparse
from pathlib import Path

from central.desk import BY_HAND, strange_region
from central.desk_commands import CannotDo, known_regions
from central.jobs.editions import NotPublished, publish
from central.naming import add_central
from central.wiring import Central

NAMES = frozenset({"publish"})


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ours beside central's other commands."""
    says = "check a catalogue and make it the newest edition: for the terminals, and for central itself"
    sub = commands.add_parser("publish", help=says, description=says)
    add_central(sub)
    sub.add_argument(
        "--catalogue", type=Path, required=True, help="the catalogue's folder; a settings.toml in it goes along"
    )
    sub.add_argument("--region", default="", help="only this region's terminals; all when left out")


def run(central: Central, told: argparse.Namespace) -> str:
    """Do it; what to print. Raises CannotDo, OSError, StoreUnavailable."""
    known = known_regions(central)
    try:
        done = publish(central, told.catalogue, by=BY_HAND, region=told.region)
    except NotPublished as refused:
        raise CannotDo(f"not published:\n{refused}") from refused
    if not done.new:
        return f"edition {done.version} holds these very files: nothing to publish"
    said = f"edition {done.version} is published: {done.items} items in {done.files} files"
    if done.settings:
        said += f"; set on terminals: {', '.join(done.settings)}"
    if told.region and told.region not in known:
        central.working.follow()  # the edition that was just published may bring the region's office
        said += f"\nno terminal of region {told.region} was ever let in here: is the region written rightly?"
        said += "".join(f"\n{asked}" for asked in [strange_region(central, [told.region])] if asked)
    return said
