"""What is being composed: letters typed, text chosen for the first of them, candidates for the rest. Pure but for the
questions to the engine; nothing of it outlives `clear`."""

from itertools import pairwise

from ui.keyboard.engine import MOST_LETTERS, Candidate, Engine

LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
SPLIT = "'"
MOST_CANDIDATES = 240
MOST_RARE = 1000


class Composer:
    """One composition. `pick` and `take` hand out the finished text and begin anew.

    Kept at all times: the letters of the chosen pieces and `letters` together are what was typed, and their number is
    at most MOST_LETTERS.
    """

    def __init__(self, engine: Engine, *, names: bool = False) -> None:
        """`names`: whether people's names are typed, not just any text; may be set anew between two compositions."""
        self._engine = engine
        self.names = names
        self._pieces: list[tuple[str, str]] = []  # text chosen, letters it stands for
        self._letters = ""
        self._rare = False
        self._candidates: list[Candidate] | None = None  # None: not asked yet

    @property
    def active(self) -> bool:
        """Whether anything is being composed."""
        return bool(self._letters)

    @property
    def letters(self) -> str:
        """What no text is chosen for yet."""
        return self._letters

    @property
    def chosen(self) -> str:
        """What is chosen already."""
        return "".join(text for text, _ in self._pieces)

    @property
    def rare(self) -> bool:
        """Whether only rare characters are offered."""
        return self._rare

    @property
    def candidates(self) -> list[Candidate]:
        """What may stand for the first letters; the engine is asked once after each change."""
        if self._candidates is None:
            self._candidates = self._asked() if self._letters else []
        return self._candidates

    @property
    def spelled(self) -> str:
        """The letters with a space between syllables."""
        starts = self._engine.split(self._letters) if self._letters else (0,)
        parts = [self._letters[at:end] for at, end in pairwise(starts)]
        return " ".join(part for part in (*parts, self._letters[starts[-1] :]) if part)

    def type(self, letter: str) -> bool:
        """Take a letter or an apostrophe; False when it has no place here."""
        typed = sum(len(letters) for _, letters in self._pieces) + len(self._letters)
        if typed >= MOST_LETTERS:
            return False
        if letter == SPLIT:
            if not self._letters or self._letters.endswith(SPLIT):
                return False
        elif letter not in LETTERS:
            return False
        self._letters += letter
        self._changed()
        return True

    def pick(self, index: int) -> str:
        """Choose a candidate. The whole text when no letter is left, else empty; so too for an index that is none."""
        if not 0 <= index < len(self.candidates):
            return ""
        one = self.candidates[index]
        self._pieces.append((one.text, self._letters[: one.consumed]))
        self._letters = self._letters[one.consumed :]
        self._changed()
        return "" if self._letters else self._finish()

    def take(self) -> str:
        """The likeliest text for everything; letters that mean nothing stay letters."""
        self._rare = False
        self._changed()
        while self._letters:
            if not self.candidates:
                self._pieces.append((self._letters, self._letters))
                self._letters = ""
                break
            done = self.pick(0)
            if done:
                return done
        return self._finish()

    def erase(self) -> bool:
        """Undo the last choice, or the last letter where nothing is chosen. False when nothing is being composed."""
        if not self.active:
            return False
        if self._pieces:
            _, letters = self._pieces.pop()
            self._letters = letters + self._letters
        else:
            self._letters = self._letters[:-1]
        self._changed()
        return True

    def show_rare(self, on: bool) -> None:
        """Offer only rare characters, or everything again."""
        if self.active and on != self._rare:
            self._rare = on
            self._candidates = None

    def clear(self) -> None:
        """Forget the composition."""
        self._pieces.clear()
        self._letters = ""
        self._changed()

    def _asked(self) -> list[Candidate]:
        if self._rare:
            return self._engine.rare(self._letters, MOST_RARE)
        name = self.chosen if self.names else None
        return self._engine.candidates(self._letters, MOST_CANDIDATES, name=name)

    def _changed(self) -> None:
        self._rare = False
        self._candidates = None

    def _finish(self) -> str:
        text = self.chosen
        self.clear()
        return text
