"""Random generators of layers, made when they are first asked for: a layer without dropout never is."""

from typing import Any, Final

_LATE: Final = ("state", "backend")


def make_seeds_late() -> None:
    """Have Keras make the variable of a seeded generator late. Safe to call any number of times.

    Every recurrent layer has one for its dropout, and a fifth of its making goes into it. Keras
    must have been imported.
    """
    from keras.random import SeedGenerator
    from keras.src.utils.naming import auto_name

    make = SeedGenerator.__init__
    if hasattr(SeedGenerator, "__getattr__"):
        return

    def begin(self: Any, seed: int | None = None, name: str | None = None, **options: Any) -> None:
        if type(seed) is not int or options:
            make(self, seed, name, **options)
            return
        self.name = auto_name(type(self).__name__) if name is None else name
        self._initial_seed = seed

    def ask(self: Any, name: str) -> Any:
        if name not in _LATE or "_initial_seed" not in vars(self):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        make(self, self._initial_seed, self.name)
        return vars(self)[name]

    SeedGenerator.__init__ = begin
    SeedGenerator.__getattr__ = ask
