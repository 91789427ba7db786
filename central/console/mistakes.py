"""Mistakes of a catalogue in the reader's language: the loader tells each as a line of English, for the command too.

What of a line is known by its form is said in a sentence of ours, with the file, the line, the field and the values
as they stand there. The loader's own line is always shown below it, and alone says what no form here knows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ITEM = r"(?: \(in item (?P<item>[^)]*)\))?"
_NEAR = r"(?: \(did you mean `(?P<near>[^`]*)`\?\))?"

WHOLE: Mapping[str, str] = {
    "no_zip": r"this is no ZIP archive that can be read: .*",
    "nothing_in_it": r"the archive holds no file of a catalogue: .*",
    "many_files": r"the archive holds more than (?P<most>\d+) files: .*",
    "large_all": r"all files together are larger than (?P<most>\d+) bytes",
}
"""Of the archive itself, by the word of the sentence."""

KINDS: Mapping[str, str] = {
    # the archive's files
    "no_name": r"is no name for a file of a catalogue",
    "there_twice": r"is there twice",
    "password": r"needs a password",
    "packed": r"is packed in an unusual way",
    "same_version": r"has changed since version (?P<version>\d+) was published: raise its version",
    # a file as data
    "unreadable": r"cannot be read: (?P<why>.*)",
    "large": r"is larger than (?P<most>\d+) (?:bytes|characters)",
    "not_utf8": r"is not UTF-8",
    "not_yaml": r"is not YAML: .*",
    "yaml_signs": r"holds characters that YAML does not allow",
    "second_document": r"holds a second document \(`---`\)",
    "anchors": r"anchors \(`&`, `\*`\) are not allowed: write it out",
    "tags": r"tags \(`!`\) are not allowed",
    "deep": r"is nested (?:deeper than \d+|too deep)",
    "many_values": r"holds more than (?P<most>\d+) values",
    "plain_name": r"a name must be plain text",
    "twice": r"stands twice",
    "value_twice": r"`(?P<value>[^`]*)` stands twice",
    "not_toml": r"is not TOML: .*",
    # the folder
    "no_item": r"holds no item \(\*\.yaml\)",
    "too_many": r"holds more than (?P<most>\d+) files; the rest are not read",
    # names and what stands for them
    "list_by_id": r"must be a list of (?:fields|entries) by id",
    "group": r"must be a group of names|input should be a valid dictionary.*",
    "missing": r"is missing|field required",
    "goes_with": r"is missing: it goes with (?P<value>.*)",
    "not_here": r"is not a name that belongs here|extra inputs are not permitted",
    "is_a_fact": r"is the name of a fact already",
    "is_taken": r"`(?P<value>[^`]*)` is the name of .{1,10} already",
    "id_in_front": r"the id stands in front",
    "name_of_file": r"must be the name of the file",
    "asked_twice": r"`(?P<value>[^`]*)` is asked twice",
    "has_mistake": r"`(?P<value>[^`]*)` has a mistake in (?P<file>\S+)",
    "not_in_form": r"`(?P<value>[^`]*)` is not in the form",
    "not_in_file": r"`(?P<value>[^`]*)` is not in (?P<file>\S+)",
    "required": r"`(?P<value>[^`]*)` is required: it cannot follow later",
    "not_on_offer": r"`(?P<value>[^`]*)` is not an item on offer",
    # values
    "pattern": r"is not written as it must be \(.*\)|string should match pattern .*",
    "whole_number": r"must be a whole number from (?P<low>\S+) to (?P<high>\S+)",
    "number": r"must be a number from (?P<low>\S+) to (?P<high>\S+)",
    "yes_or_no": r"must be true or false|input should be a valid boolean.*",
    "more_than": r"must be more than (?P<value>\S+)",
    "line": r"must be a line of at most (?P<most>\d+) characters",
    "integer": r"input should be a valid (?:integer|number).*",
    "text": r"input should be a valid string.*",
    "list": r"input should be a valid (?:tuple|list|set|frozenset).*",
    "at_least": r"input should be greater than or equal to (?P<low>\S+)",
    "at_most": r"input should be less than or equal to (?P<high>\S+)",
    "empty": r"string should have at least 1 character",
    "short": r"string should have at least (?P<low>\d+) characters?",
    "long": r"string should have at most (?P<most>\d+) characters?",
    "few": r"(?:tuple|list) should have at least (?P<low>\d+) items? after validation, not \d+",
    "many": r"(?:tuple|list) should have at most (?P<most>\d+) items? after validation, not \d+",
    "not_from_afar": r"may not be set from central: only a terminal's own file has it",
    # conditions
    "cel_yes_no": rf"must be a yes-or-no expression, such as `age >= 65`{_ITEM}",
    "cel_long": rf"is longer than (?P<most>\d+) characters{_ITEM}",
    "cel_name": rf"`(?P<value>[^`]*)` is not a name that can be asked{_ITEM}",
    "cel_syntax": rf"cannot be understood, at (?:.*?){_ITEM}",
    "cel_type": rf"must give a value of type (?P<value>\w+){_ITEM}",
    # what does not fit together
    "options": r"options belong to a choice, and a choice needs them",
    "options_same": r"two options have the same value",
    "source": r"cannot be filled from (?P<value>.+); known sources: .*",
    "not_typed": r"a field that cannot be typed needs prefill or compute",
    "all_refuse": r"every option refuses: nobody could have the item",
    "elsewhere": r"an event without items must say where to go: `elsewhere`",
    "notice_holes": r"only \{item\}, \{state\} and \{case\} may be filled in",
    "proof_needs": r"a proof needs `record` and `document`",
    "apply_needs": r"an application needs `form` and `document`",
    "collect_needs": r"a pickup needs the device `locker`",
    "consent_needed": r"a department is asked or told something: `consent` is needed",
    "pickup_code": r"`pickup_code` says who may open a door, not who somebody is",
    "draft_hours": r"`draft_hours` keeps what was typed for the same card: only an application that takes a card .*",
    "only_form": r"only an application has a `form`",
    "only_apply": r"only an application has `gaps`, a `decision` and a `system`",
    # last, since others begin alike
    "one_of": r"(?:must be|input should be) (?P<value>\S+(?: \S+)*? or \S+|`[^`]*`|'[^']*')",
}
"""What is wrong at a place, by the word of the sentence. The first that fits the whole rest of the line counts."""

_PLACE = re.compile(r"(?P<file>'[^']*'|[^\s:']+)(?::(?P<line>\d+))?: (?P<rest>.*)", re.DOTALL)
_WHOLE = {word: re.compile(form) for word, form in WHOLE.items()}
_KINDS = {
    word: re.compile(rf"(?:(?P<where>.{{1,200}}?): )?(?:value error, )?(?:{form}){_NEAR}", re.IGNORECASE)
    for word, form in KINDS.items()
}


LONGEST = 1000
"""Characters of a line that are looked at and shown: a value of an author's may be as long as a file."""


@dataclass(frozen=True)
class MistakeTold:
    """A mistake: the word of `mistake.…` ("other" for a form that is not known), where it is, and the values in it."""

    word: str
    raw: str  # the loader's line
    file: str = ""
    line: str = ""
    where: str = ""
    near: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def told(raw: str) -> MistakeTold:
    """What a line of `NotPublished` says."""
    if len(raw) > LONGEST:
        return MistakeTold("other", raw[:LONGEST] + "…")
    for word, form in _WHOLE.items():
        if found := form.fullmatch(raw):
            return MistakeTold(word, raw, values=_given(found.groupdict()))
    place = _PLACE.fullmatch(raw)
    if place is None:
        return MistakeTold("other", raw)
    file, line = place["file"].strip("'"), place["line"] or ""
    for word, form in _KINDS.items():
        if found := form.fullmatch(place["rest"]):
            given = _given(found.groupdict())
            return MistakeTold(word, raw, file, line, given.pop("where", ""), given.pop("near", ""), given)
    return MistakeTold("other", raw, file, line)


def _given(groups: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in groups.items() if value}
