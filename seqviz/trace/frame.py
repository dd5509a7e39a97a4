"""A trace as one long table of pandas: one number a row."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

import numpy as np

from seqviz.array_types import Array, Bools, Ints
from seqviz.errors import SeqvizError
from seqviz.extras import naming_extras
from seqviz.trace.records import AnyTrace, Arrays, EmbeddingTrace, RecurrentTrace

if TYPE_CHECKING:
    import pandas

Tokens: TypeAlias = Sequence[str] | Sequence[Sequence[str]]

COLUMNS: Final = ("layer", "sample", "timestep", "token", "skipped", "unit", "variable", "value")
_WHOLE: Final = COLUMNS[:-1]  # columns of whole numbers


class _Block(NamedTuple):
    """Numbers of one name.

    Attributes:
        variable: The name.
        values: ``(batch, timesteps, units)``.
        timesteps: ``(timesteps,)``, which timestep of the input each read; -1 for none.
        skipped: ``(batch, timesteps)``.
        certain: Whether the first two axes are known to be those of the sentences.
    """

    variable: str
    values: Array
    timesteps: Ints
    skipped: Bools
    certain: bool


def record_frame(record: AnyTrace, tokens: Tokens | None) -> "pandas.DataFrame":
    """See `RecurrentTrace.to_frame`."""
    return _frame({"": record}, tokens).drop(columns="layer")


def trace_frame(layers: Mapping[str, AnyTrace], tokens: Tokens | None) -> "pandas.DataFrame":
    """See `Trace.to_frame`."""
    return _frame(layers, tokens)


def _frame(layers: Mapping[str, AnyTrace], tokens: Tokens | None) -> "pandas.DataFrame":
    with naming_extras():
        import pandas as pd
    blocks = [(key, block) for key, record in layers.items() for block in _blocks(record)]
    layer, variable, token = _Names(), _Names(), _Names()
    parts = [
        {
            **_columns(block, _token_codes(block, tokens, token)),
            "layer": np.full(block.values.size, layer.code(key)),
            "variable": np.full(block.values.size, variable.code(block.variable)),
        }
        for key, block in blocks
    ]
    none = np.zeros(0, int)
    columns = {name: np.concatenate([none, *(part[name] for part in parts)]) for name in _WHOLE}
    columns["value"] = np.concatenate([part["value"] for part in parts] or [np.zeros(0)])
    for name, names in (("layer", layer), ("variable", variable), ("token", token)):
        columns[name] = pd.Categorical.from_codes(columns[name], list(names.codes))
    timestep = columns["timestep"]
    columns["timestep"] = pd.arrays.IntegerArray(timestep, timestep < 0)
    columns["skipped"] = columns["skipped"].astype(bool)
    return pd.DataFrame(columns, columns=list(COLUMNS))


class _Names:
    """Different names by number: a column of them takes a byte or two a row."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}

    def code(self, name: str) -> int:
        return self.codes.setdefault(name, len(self.codes))


def _columns(block: _Block, tokens: Array) -> dict[str, Array]:
    batch, count, units = block.values.shape
    per_step = {
        "sample": np.repeat(np.arange(batch), count),
        "timestep": np.tile(block.timesteps.astype(int), batch),
        "token": tokens.reshape(-1),
        "skipped": block.skipped.reshape(-1),
    }
    columns = {name: np.repeat(values, units) for name, values in per_step.items()}
    columns["unit"] = np.tile(np.arange(units), batch * count)
    columns["value"] = block.values.reshape(-1)
    return columns


def _token_codes(block: _Block, tokens: Tokens | None, names: _Names) -> Array:
    """``(batch, timesteps)``, the number of each token; -1 where there is none."""
    batch, count, _ = block.values.shape
    codes = np.full((batch, count), -1)
    if tokens is None:
        return codes
    by_sample = [tokens] if all(isinstance(token, str) for token in tokens) else list(tokens)
    if len(by_sample) != batch and block.certain:
        raise SeqvizError(
            f"Tokens of {len(by_sample)} samples were given, but the batch has {batch}. Hint: give "
            "a list of tokens for each sample, one token a timestep, padding included."
        )
    if not block.certain and (len(by_sample), max(map(len, by_sample))) != (batch, count):
        return codes
    for sample, words in enumerate(by_sample):
        for step, timestep in enumerate(block.timesteps.tolist()):
            if 0 <= timestep < len(words):
                codes[sample, step] = names.code(str(words[timestep]))
    return codes


def _blocks(record: AnyTrace) -> Iterator[_Block]:
    if isinstance(record, EmbeddingTrace):
        many = record.ids is not None and record.ids.ndim > 1
        timesteps = np.arange(record.ids.shape[1]) if many else None
        if record.vectors is not None:
            yield from _block("vector", record.vectors, timesteps, record.mask)
    elif isinstance(record, RecurrentTrace):
        for name, values in (_states(record) | record.gates).items():
            if values is not None:
                yield from _block(name, values, record.timesteps, record.mask)
    else:
        for name, values in _outputs("output", record.output):
            yield from _block(name, values)


def _states(record: RecurrentTrace) -> dict[str, Array]:
    """Every state by name; those of cells below the top one, and of other cells, by number."""
    named = {"hidden_state": record.hidden_states}
    if record.cell_states is not None:
        return named | {"cell_state": record.cell_states}
    others = {
        f"state {number}": values
        for number, values in enumerate(record.states or ())
        if number != record.hidden_index
    }
    return named | others


def _outputs(name: str, output: Arrays) -> Iterator[tuple[str, Array]]:
    if isinstance(output, Mapping):
        for key, part in output.items():
            yield from _outputs(f"{name}[{key!r}]", part)
    elif isinstance(output, list | tuple):
        for index, part in enumerate(output):
            yield from _outputs(f"{name}[{index}]", part)
    elif isinstance(output, np.ndarray):
        yield name, output


def _block(
    name: str, values: Array, timesteps: Ints | None = None, mask: Bools | None = None
) -> Iterator[_Block]:
    """Numbers with their axes, if they are numbers of a batch.

    Of two axes or fewer none is that of timesteps; those after the second are units together.
    """
    if values.dtype.kind == "V":  # as bfloat16, which pandas does not know
        values = values.astype(np.float32)
    if values.dtype.kind not in "biufc" or not values.ndim:
        return
    if values.ndim > 2:
        shape, order = values.shape, np.arange(values.shape[1])
    else:
        shape, order = (len(values), 1, *values.shape[1:]), np.array([-1])
    values = values.reshape(*shape[:2], math.prod(shape[2:]))
    read = order if timesteps is None else timesteps
    skipped = np.zeros(shape[:2], bool)
    if mask is not None and mask.shape == skipped.shape:
        skipped = ~mask[:, read].astype(bool)
    yield _Block(name, values, read, skipped, timesteps is not None)
