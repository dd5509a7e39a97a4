"""How often something may happen: some times at once, and then at a rate."""


class Pace:
    """A leaky bucket, told the time by its caller.

    Args:
        burst: How many times at once.
        per_second: How often after those.
    """

    def __init__(self, burst: int, per_second: float) -> None:
        self._burst = burst / per_second
        self._step = 1 / per_second
        self._full_at = -float("inf")  # when what has happened so far is all accounted for

    def wait(self, now: float) -> float:
        """Count one more at the time `now`, and return the seconds to wait before it."""
        self._full_at = max(self._full_at, now) + self._step
        return max(self._full_at - now - self._burst, 0.0)

    def allows(self, now: float) -> bool:
        """Whether it may happen at once at the time `now`; counted only if so."""
        if max(self._full_at, now) + self._step - now > self._burst + 1e-9:
            return False
        self.wait(now)
        return True
