"""Every sentence the terminal says, by dotted key, in Chinese and in English.

The sentences are data (`assets/i18n/*.yaml`); this module only finds them and fills in `{names}`. A key or a name
that is missing is our bug and raises: a blank on the screen at 23:00 would be worse, and a test finds it sooner.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from catalogue.answers import AnswerFault
from catalogue.model import FormField
from catalogue.source import BadSource, Mistake, Place, Source, dotted, read

LANGUAGES = ("zh", "en")
_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")
_LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|TBD)\b|待定|待翻译")


class WordsMistakes(Exception):
    """The sentence files hold mistakes: all of them, together."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = mistakes


class NoSuchSentence(Exception):
    """A key, a language or a parameter that does not fit: our bug. Says keys and names only, never values."""


@dataclass(frozen=True)
class Sentence:
    """One sentence in both languages, and the names it wants filled in."""

    zh: str
    en: str
    parameters: frozenset[str]

    def text(self, language: str) -> str:
        """The unfilled text. Raises NoSuchSentence for a language that is neither."""
        match language:
            case "zh":
                return self.zh
            case "en":
                return self.en
            case _:
                raise NoSuchSentence(f"no language {language!r}")


@dataclass(frozen=True)
class Words:
    """All sentences, read once at boot."""

    sentences: Mapping[str, Sentence] = field(repr=False)

    @staticmethod
    def load(folder: Path) -> "Words":
        """Read every `*.yaml` in the folder. Raises WordsMistakes with all mistakes of all files."""
        found: dict[str, Sentence] = {}
        mistakes: list[Mistake] = []
        files = sorted(folder.glob("*.yaml"))
        if not files:
            mistakes.append(Mistake(folder.name, 0, "", "holds no sentence files (*.yaml)"))
        for path in files:
            try:
                source = read(path)
            except BadSource as bad:
                mistakes.extend(bad.mistakes)
                continue
            _gather(source, source.value, (), found, mistakes)
        if mistakes:
            raise WordsMistakes(tuple(mistakes))
        return Words(MappingProxyType(found))

    def say(self, key: str, language: str, **parameters: object) -> str:
        """The sentence, filled in. Raises NoSuchSentence unless exactly its parameters are given."""
        sentence = self.sentence(key)
        if sentence.parameters != parameters.keys():
            wanted = ", ".join(sorted(sentence.parameters)) or "none"
            raise NoSuchSentence(
                f"{key}: wants parameters {wanted}, was given {', '.join(sorted(parameters)) or 'none'}"
            )
        return _PARAMETER.sub(lambda match: str(parameters[match.group(1)]), sentence.text(language))

    def sentence(self, key: str) -> Sentence:
        """Raises NoSuchSentence."""
        found = self.sentences.get(key)
        if found is None:
            near = difflib.get_close_matches(key, self.sentences, n=1)
            raise NoSuchSentence(f"no sentence {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        return found

    def has(self, key: str) -> bool:
        return key in self.sentences

    def fault(self, word: str, language: str) -> tuple[str, str]:
        """What a fault word means to a citizen, and what they can do."""
        return self.say(f"fault.{word}.title", language), self.say(f"fault.{word}.do", language)

    def answer(self, field: FormField, fault: str, language: str) -> str:
        """What stands under a field whose answer will not do. `fault` is an `AnswerFault`."""
        match AnswerFault(fault):
            case AnswerFault.CHECK if field.check is not None:
                return field.check.otherwise.say(language)
            case AnswerFault.TOO_LONG:
                return self.say(fault, language, most=field.max_length)
            case _:
                return self.say(fault, language)


def _gather(source: Source, value: Any, path: Place, found: dict[str, Sentence], mistakes: list[Mistake]) -> None:
    """Walk down to the leaves, `{zh: …, en: …}`."""

    def wrong(what: str) -> None:
        mistakes.append(Mistake(source.file, source.line(path), dotted(path), what))

    if not isinstance(value, dict) or not value:
        return wrong("must be a group of keys or a sentence {zh: …, en: …}")
    if not any(language in value for language in LANGUAGES):
        for key, child in value.items():
            _gather(source, child, (*path, key), found, mistakes)
        return None
    if value.keys() != set(LANGUAGES) or not all(isinstance(text, str) and text.strip() for text in value.values()):
        return wrong("a sentence has exactly the texts zh and en, neither of them empty")
    zh, en = value["zh"], value["en"]
    parameters = frozenset(_PARAMETER.findall(zh))
    if parameters != frozenset(_PARAMETER.findall(en)):
        wrong("zh and en want different parameters")
    if any(_BRACE.search(_PARAMETER.sub("", text)) for text in (zh, en)):
        wrong("a brace that is no parameter like {name}")
    if any(_LEFTOVER.search(text) for text in (zh, en)):
        wrong("is not finished")
    key = dotted(path)
    if key in found:
        wrong("stands in another file already")
    found[key] = Sentence(zh, en, parameters)
    return None
