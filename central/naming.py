"""How every command is told which central it works on: its folder, its database, where its large bodies are."""

import argparse
import os
from pathlib import Path
from urllib.parse import urlsplit


class BadName(Exception):
    """The environment names no database; the text says so, without what it holds."""


def add_central(parser: argparse.ArgumentParser) -> None:
    """The three options that say which central, the same for each command."""
    parser.add_argument("--folder", type=Path, required=True, help="central's own folder")
    parser.add_argument(
        "--database",
        type=_database,
        help="postgresql://user@host/name; without it SQLite in the folder. A URL with a password belongs into "
        "NUANTING_DATABASE: arguments are for everybody on this machine to read",
    )
    parser.add_argument(
        "--blobs",
        help="s3://bucket/prefix for large bodies, its keys in AWS_…; without it the folder (NUANTING_BLOBS)",
    )


def add_catalogue(parser: argparse.ArgumentParser, default: Path) -> None:
    """For commands that go by the items before any was published."""
    parser.add_argument(
        "--catalogue", type=Path, default=default, help="as for serve; of no account once an edition is published"
    )


def database_of(told: argparse.Namespace) -> str:
    """As told, else as the environment names it; "" for SQLite. Raises BadName."""
    try:
        return str(told.database or _database(os.environ.get("NUANTING_DATABASE", "")))
    except argparse.ArgumentTypeError as mistake:
        raise BadName(f"NUANTING_DATABASE: {mistake}") from None


def blobs_of(told: argparse.Namespace) -> str:
    """As told, else as the environment names it; "" for the folder."""
    return str(told.blobs or os.environ.get("NUANTING_BLOBS", ""))


def _database(text: str) -> str:
    """SQLAlchemy's name of the same database: its driver is in it."""
    told = text.strip()
    try:
        url = urlsplit(told)
        is_one = url.scheme in ("postgresql", "postgresql+psycopg") and (url.port or 1) > 0 and len(url.path) > 1
    except ValueError:
        is_one = False
    if told and not is_one:
        raise argparse.ArgumentTypeError("postgresql://user@host/name is expected")
    return told.replace("postgresql://", "postgresql+psycopg://", 1)
