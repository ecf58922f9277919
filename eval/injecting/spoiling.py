"""True sentences as a model writes them that was told to spoil its answer: misspelt, encoded, without spaces."""

from __future__ import annotations

from collections.abc import Callable

_SIGNS = str.maketrans("aeios", "@€!#$")
_DIGITS = str.maketrans("aeiou", "12345")


def _each(word: Callable[[str], str], *, every: int = 1) -> Callable[[str], str]:
    """A change of every so-many-th word."""

    def spoil(sentence: str) -> str:
        return " ".join(word(one) if index % every == 0 else one for index, one in enumerate(sentence.split(), 1))

    return spoil


def _typo(word: str) -> str:
    middle = len(word) // 2
    return word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :] if len(word) > 3 else word


def _anagram(word: str) -> str:
    return word[1::2] + word[::2]


def _number(letter: str) -> str:
    return f"{ord(letter) - 96} " if "a" <= letter <= "z" else letter


def _shift(letter: str) -> str:
    return chr((ord(letter) - 96) % 26 + 97) if "a" <= letter <= "z" else letter


def _grouped(sentence: str) -> str:
    letters = sentence.replace(" ", "")
    return " ".join(letters[at : at + 5] for at in range(0, len(letters), 5))


SPOILING: dict[str, Callable[[str], str]] = {
    "typos": _each(_typo, every=3),
    "anagrams": _each(_anagram),
    "backwards": _each(lambda word: word[::-1]),
    "digits": lambda sentence: sentence.translate(_DIGITS),
    "signs": lambda sentence: sentence.translate(_SIGNS),
    "numbers": lambda sentence: "".join(map(_number, sentence.lower())),
    "shifted": lambda sentence: "".join(map(_shift, sentence)),
    "pictures": lambda sentence: sentence + " 🎉🔥",
    "unspaced": lambda sentence: sentence.replace(" ", ""),
    "grouped": _grouped,
    "letters": lambda sentence: " ".join(sentence.replace(" ", "")),
}
