"""The code of a room, which is read out to a class, and the teacher's secret, which is not."""

import hashlib
import secrets
import time
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Final

# Without vowels, so that no code is a word, and without what looks like a digit.
LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
LENGTH: Final = 6  # 20⁶ = 64 million codes


def new_code() -> str:
    """Six letters."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(typed: str) -> str | None:
    """A code as somebody typed it, with any case, spaces and dashes; None for what is none."""
    code = "".join(typed.split()).replace("-", "").upper()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else None


def new_secret() -> str:
    """Thirty-two characters that nobody can guess."""
    return secrets.token_urlsafe(24)


def digest(*texts: str) -> str:
    """What stands in the database in place of a secret, or of a browser's name."""
    return hashlib.sha256("\0".join(texts).encode(errors="replace")).hexdigest()


class Guesses:
    """How often codes may be tried, that no room can be guessed.

    Only codes of no room count. With `in_all` a minute from all browsers together, some room of ten
    that are open would be found once in 74 days of trying, on one server.
    """

    def __init__(
        self,
        *,
        each: int = 10,
        in_all: int = 60,
        seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._each, self._in_all, self._seconds, self._clock = each, in_all, seconds, clock
        self._wrong: deque[tuple[float, str]] = deque()
        self._lock = Lock()

    def may_try(self, who: str) -> bool:
        """Whether `who` may try a code now."""
        with self._lock:
            self._forget()
            mine = sum(1 for _, one in self._wrong if one == who)
            return len(self._wrong) < self._in_all and mine < self._each

    def was_wrong(self, who: str) -> None:
        """Count one that was of no room."""
        with self._lock:
            self._wrong.append((self._clock(), who))

    def _forget(self) -> None:
        before = self._clock() - self._seconds
        while self._wrong and self._wrong[0][0] <= before:
            self._wrong.popleft()
