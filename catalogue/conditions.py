"""Conditions in CEL with a third answer: what depends on something not known yet is UNKNOWN, neither true nor false.

The engine is cel-expr-python 0.1.3. It has no unknowns of its own in Python; a name without a value makes an error
there, and CEL's `&&` and `||` let a true or false side win over an error on the other (CEL specification, Logical
Operators). That is Kleene's three-valued logic as long as every such error is read as "unknown", which this adapter
does. Two things follow, and are told here plainly: `x || !x` stays UNKNOWN while x is not known, and an error of
arithmetic (division by zero, overflow, more steps than allowed) is UNKNOWN too, since it cannot be told apart once
both meet in one expression. Names and types are checked when a condition is compiled, so an author sees
`age >= "65"` or `agee` at once and no citizen ever does.
"""

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from cel_expr_python import cel

from catalogue.facts import FactType

LONGEST = 500
"""Characters of one condition. The engine's parser is recursive; no condition a person can read is longer."""

_TYPES = {
    FactType.INT: cel.Type.INT,
    FactType.TEXT: cel.Type.STRING,
    FactType.BOOL: cel.Type.BOOL,
    FactType.DATE: cel.Type.TIMESTAMP,
}
_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")


class Unknown:
    """The third answer. It is neither true nor false, and says so to whoever tests it as if it were."""

    def __bool__(self) -> bool:
        raise TypeError("UNKNOWN is neither true nor false: compare with `is True` or `is False`")

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class BadCondition(Exception):
    """A condition that cannot be used. `near` holds names that may have been meant."""

    def __init__(self, what: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(what)
        self.what = what
        self.near = near


@dataclass(frozen=True)
class Condition:
    """A compiled condition. `names` are those it really uses."""

    text: str
    names: frozenset[str]
    types: Mapping[str, FactType] = field(repr=False, compare=False)
    program: Any = field(repr=False, compare=False)

    @staticmethod
    def compile(text: str, names: Mapping[str, FactType]) -> "Condition":
        """Check and compile. Raises BadCondition."""
        return _compile(text, tuple(sorted(names.items())))

    def value(self, facts: Mapping[str, object]) -> bool | Unknown:
        """True, False, or UNKNOWN when it depends on a name that `facts` does not hold (None counts as not held).

        Raises TypeError for a fact of another type than was declared: that is our bug, not a person's.
        """
        data = {
            name: _as_cel(name, facts[name], self.types[name]) for name in self.names if facts.get(name) is not None
        }
        answer = self.program.eval(data=data)
        if answer.type() != cel.Type.BOOL:
            return UNKNOWN
        return bool(answer.value())


def check_type(text: str, names: Mapping[str, FactType], kind: FactType) -> None:
    """Check that an expression has that type (for computed fields). Raises BadCondition."""
    program = _program(text, tuple(sorted(names.items())))
    if program.return_type() != _TYPES[kind]:
        raise BadCondition(f"must give a value of type {kind.value}")


@lru_cache(maxsize=4096)
def _compile(text: str, names: tuple[tuple[str, FactType], ...]) -> Condition:
    types = dict(names)
    program = _program(text, names)
    if program.return_type() != cel.Type.BOOL:
        raise BadCondition("must be a yes-or-no expression, such as `age >= 65`")
    return Condition(text, _used(text) & types.keys(), types, program)


def _program(text: str, names: tuple[tuple[str, FactType], ...]) -> Any:
    if len(text) > LONGEST:
        raise BadCondition(f"is longer than {LONGEST} characters")
    try:
        return _env(names).compile(text)
    except RuntimeError as error:
        raise _explained(str(error), dict(names)) from None


@lru_cache(maxsize=256)
def _env(names: tuple[tuple[str, FactType], ...]) -> Any:
    return cel.NewEnv(variables={name: _TYPES[kind] for name, kind in names})


def _used(text: str) -> frozenset[str]:
    """The names a good condition uses: those an empty environment calls undeclared."""
    try:
        _env(()).compile(text)
    except RuntimeError as error:
        return frozenset(_UNDECLARED.findall(str(error)))
    return frozenset()


def _explained(message: str, types: Mapping[str, FactType]) -> BadCondition:
    """The engine's message as one line, with near names for a name nobody knows."""
    undeclared = _UNDECLARED.search(message)
    if undeclared:
        name = undeclared.group(1)
        return BadCondition(f"`{name}` is not a name that can be asked", tuple(difflib.get_close_matches(name, types)))
    first = message.split("\n", 1)[0].removeprefix("INVALID_ARGUMENT: ").removeprefix("ERROR: <input>:")
    return BadCondition(f"cannot be understood, at {first}")


def _as_cel(name: str, value: object, kind: FactType) -> object:
    match kind:
        case FactType.INT if isinstance(value, int) and not isinstance(value, bool):
            return value
        case FactType.TEXT if isinstance(value, str):
            return str(value)
        case FactType.BOOL if isinstance(value, bool):
            return value
        case FactType.DATE if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return dt.datetime.combine(value, dt.time(), dt.UTC)
        case _:
            raise TypeError(f"the fact {name} must be of type {kind.value}")
