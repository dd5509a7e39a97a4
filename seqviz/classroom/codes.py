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


class Attempts:
    """How often something may be tried: by one browser, and by all together.

    For codes only wrong ones count. With 60 a minute from all browsers together, some room of ten
    that are open would be found once in 74 days of trying, on one server.

    Args:
        each: Of one browser, within `seconds`.
        in_all: Of all of them.
        seconds: After so many one is forgotten.
        clock: Seconds that only go forward.
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
        self._counted: deque[tuple[float, str]] = deque()
        self._lock = Lock()

    def may(self, who: str) -> bool:
        """Whether `who` may try once more now."""
        with self._lock:
            before = self._clock() - self._seconds
            while self._counted and self._counted[0][0] <= before:
                self._counted.popleft()
            of_who = sum(1 for _, one in self._counted if one == who)
            return len(self._counted) < self._in_all and of_who < self._each

    def count(self, who: str) -> None:
        """Count one attempt of `who`."""
        with self._lock:
            self._counted.append((self._clock(), who))
