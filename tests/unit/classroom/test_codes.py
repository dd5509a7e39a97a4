import re

import pytest

from seqviz.classroom.codes import LETTERS, Attempts, digest, new_code, new_secret, read_code


def test_a_code_is_read_however_it_was_typed():
    code = new_code()
    assert re.fullmatch(f"[{LETTERS}]{{6}}", code)
    spaced = f" {code[:3].lower()} - {code[3:]}\n"
    assert read_code(spaced) == read_code(code) == code


@pytest.mark.parametrize("typed", ["", "BCDFG", "BCDFGHJ", "BCDFGA", "BCDFG1", "Б" * 6, "ß" * 6])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None


def test_codes_and_secrets_differ():
    assert len({new_code() for _ in range(300)}) == 300
    assert len({new_secret() for _ in range(300)}) == 300
    assert len(new_secret()) == 32


def test_a_digest_tells_apart_what_is_joined_elsewhere():
    assert digest("ab", "c") != digest("a", "bc")


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_who_guesses_has_to_wait():
    clock = Clock()
    attempts = Attempts(each=3, in_all=5, seconds=60, clock=clock)
    for _ in range(3):
        assert attempts.may("a")
        attempts.count("a")
    assert not attempts.may("a")
    assert attempts.may("b")
    clock.now = 60
    assert attempts.may("a")


def test_many_who_guess_have_to_wait_together():
    clock = Clock()
    attempts = Attempts(each=3, in_all=5, seconds=60, clock=clock)
    tried = 0
    for number in range(1000):
        if attempts.may(f"{number}"):
            attempts.count(f"{number}")
            tried += 1
    assert tried == 5


def test_right_codes_are_not_counted():
    attempts = Attempts(each=1)
    assert all(attempts.may("a") for _ in range(20))
