"""Runs another program as if nobody had thought of power cuts: no fsync, SQLite not synchronous. For the controls.

    python -m tests.torture.careless MODULE ARGUMENTS…

A harness that finds no loss with these has not looked.
"""

import os
import runpy
import sys
from typing import Any

import sqlalchemy as sa


def _forget(_: int) -> None:
    return


def _set_careless(connection: Any) -> None:
    connection.connection.driver_connection.execute("PRAGMA synchronous=OFF")


def _stay_careless(_c: Any, _cursor: Any, statement: str, told: Any, _context: Any, _many: bool) -> tuple[str, Any]:
    """Central says before each of its writes how synchronous it is to be."""
    return ("PRAGMA synchronous=OFF" if statement.startswith("PRAGMA synchronous=") else statement), told


def main() -> None:
    os.fsync = os.fdatasync = _forget
    sa.event.listen(sa.engine.Engine, "engine_connect", _set_careless)
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", _stay_careless, retval=True)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
