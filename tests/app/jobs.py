"""Trainings that take a step when a test says so."""

import threading
import time


class Job:
    """A training that takes steps when it is told to, and says how many it took."""

    def __init__(self, of=3):
        self.of, self.done, self.begun = of, 0, 0
        self._may = threading.Semaphore(0)
        self.thread = None

    def __call__(self, control):
        self.begun += 1
        self.thread = threading.get_ident()
        if not control.go_on(self._so_far):
            return self._so_far()
        while self.done < self.of:
            while not self._may.acquire(timeout=0.005):
                if not control.go_on(self._so_far):
                    return self._so_far()
            self._step()
            self.done += 1
            control.report(self.done)
        return self._so_far()

    def _step(self):
        """What may fail."""

    def _so_far(self):
        return f"{self.done} of {self.of}"

    def step(self, count=1):
        self._may.release(count)

    def finish(self):
        self.step(self.of)


class Failing(Job):
    def __init__(self, error):
        super().__init__()
        self._error = error

    def _step(self):
        raise self._error


def until(is_so):
    for _ in range(2_000):
        if is_so():
            return
        time.sleep(0.005)
    raise AssertionError("It never was so.")
