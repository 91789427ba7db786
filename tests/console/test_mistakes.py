"""Whatever is wrong in a catalogue is told in Chinese and in English, with its place and the loader's own line."""

import ast
from collections.abc import Iterator

import pytest

from central.console import words
from central.console.mistakes import KINDS, LONGEST, WHOLE, told
from tests.house.tree import ROOT

SOURCES = [
    f"catalogue/{name}.py" for name in ("source", "loader", "offices", "files", "district", "conditions", "model")
]
SOURCES += [f"central/jobs/{name}.py" for name in ("edition_upload", "editions")]
WHAT = {"Mistake": 3, "_bad": 2, "BadCondition": 0, "ValueError": 0, "_whole": 0, "wrong": 1, "append": 0}
SAYING = {"_told", "_against_kind", "wrong", "_across", "_refuse_changed"}
PUT_TOGETHER = {  # of parts that the test cannot guess; each is one of LINES below
    "must be 5",
    "must be a 5 from 5 to 5",
    "5 (in item 5)",
    "5",
    "5: 5",
    "is not TOML: 55",
}


def texts(node: ast.AST) -> Iterator[str]:
    """The sentences in an expression, 5 for whatever is filled in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "5" for part in node.values)
    else:
        for child in ast.iter_child_nodes(node):
            yield from texts(child)


def said(path: str) -> Iterator[str]:
    """Everything that a module may say is wrong."""
    for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args) if len(args) > WHAT.get(
                name, 99
            ):
                yield from texts(args[WHAT[name]])
            case ast.Assign(targets=[ast.Name(id="what")], value=value):
                yield from texts(value)
            case ast.FunctionDef(name=name) if name in SAYING:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return | ast.Yield | ast.ListComp) and inner is not None:
                        yield from texts(inner)


def test_every_kind_of_mistake_has_a_sentence() -> None:
    assert [word for word in ("other", *WHOLE, *KINDS) if f"mistake.{word}" not in words.WORDS] == []
    lines = {text for path in SOURCES for text in said(path) if len(text.split()) > 1} - PUT_TOGETHER
    assert len(lines) > 55
    placed = {line if line.startswith(("items/", "5: ")) else f"items/a.yaml:5: x.y: {line}" for line in lines}
    assert sorted(line for line in placed if told(line).word == "other") == []


LINES = {
    "items/a.yaml:2: version: input should be a valid integer, unable to parse string as an integer": "integer",
    "items/a.yaml:2: title.zh: string should have at least 1 character": "empty",
    "items/a.yaml:2: title.zh: string should have at most 400 characters": "long",
    "items/a.yaml:2: minutes: input should be less than or equal to 120": "at_most",
    "items/a.yaml:2: minutes: input should be greater than or equal to 1": "at_least",
    "items/a.yaml:2: guide[0].options: tuple should have at least 2 items after validation, not 1": "few",
    "items/a.yaml:2: also: tuple should have at most 40 items after validation, not 41": "many",
    "items/a.yaml:2: title: input should be a valid dictionary or instance of Text": "group",
    "items/a.yaml:2: also: input should be a valid tuple": "list",
    "items/a.yaml:2: block: must be `city`, `street` or `home` (did you mean `home`?)": "one_of",
    "items/a.yaml:2: my name: is not a name that belongs here (did you mean `title`?)": "not_here",
    "items/a.yaml:2: `a.b` is not in dictionary.yaml": "not_in_file",
    "dictionary.yaml:9: a.when: `agee` is not a name that can be asked (in item x) (did you mean `b`?)": "cel_name",
    "dictionary.yaml:9: a.compute: cannot be understood, at 1:3: Syntax error: x (in item x)": "cel_syntax",
    "settings.toml:4: speech.volume: must be a whole number from 1 to 10": "whole_number",
    "settings.toml:4: visit.end_after_s: must be a number from 10 to 900": "number",
    "settings.toml:4: terminal.language: must be zh or en": "one_of",
    "settings.toml:4: is not TOML: expected '=' after a key": "not_toml",
    "offices.yaml:4: x.region: Field required": "missing",
    "reasons.yaml:4: x.use: Input should be 'return', 'refuse' or 'set_aside'": "one_of",
    "notices.yaml:4: x: Value error, only {item}, {state} and {case} may be filled in": "notice_holes",
    "'../evil.yaml': is no name for a file of a catalogue": "no_name",
    "the archive holds more than 2100 files: no catalogue has so many": "many_files",
    "something that nobody foresaw": "other",
    "items/a.yaml:2: x: and here": "other",
}


@pytest.mark.parametrize(("line", "word"), LINES.items())
def test_a_line_is_known_by_its_form(line: str, word: str) -> None:
    found = told(line)
    assert (found.word, found.raw) == (word, line)
    for language in ("zh", "en"):
        assert "{" not in words.say(f"mistake.{found.word}", language, **found.values)
    assert all(part in line for part in (found.file, found.line, found.where, found.near, *found.values.values()))


def test_place_and_what_was_meant_are_kept() -> None:
    found = told("items/a.yaml:2: my name: is not a name that belongs here (did you mean `title`?)")
    assert (found.file, found.line, found.where, found.near) == ("items/a.yaml", "2", "my name", "title")
    found = told("dictionary.yaml:9: a.check.when: `agee` is not a name that can be asked (in item x)")
    assert (found.where, found.values) == ("a.check.when", {"value": "agee", "item": "x"})


def test_a_line_as_long_as_a_file_is_cut() -> None:
    found = told("items/a.yaml:2: form[0]: `" + "x" * 200_000 + "` is not in the form")
    assert (found.word, len(found.raw)) == ("other", LONGEST + 1)
