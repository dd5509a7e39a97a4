"""A whole trace: one forward pass, layer by layer."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from seqviz.errors import NoSuchAttributeError, NoSuchKeyError
from seqviz.short_repr import written
from seqviz.trace import summary
from seqviz.trace.names import did_you_mean, listed
from seqviz.trace.only import of_kind, only
from seqviz.trace.records import AnyTrace, Arrays, EmbeddingTrace, RecurrentTrace

if TYPE_CHECKING:
    import pandas

    from seqviz.trace.frame import Tokens


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Mapping[str, AnyTrace]):
    """One forward pass, in the order in which layers were called.

    A key is the layer's name, below a wrapper or a nested model its path
    (`bidirectional/forward_lstm`). A layer called again gets `name#2`. What is inside a layer
    called again can be looked up in two ways: `encoder/gru#2` (its key, the second call of that
    GRU) and `encoder#2/gru` (inside the second call of the encoder).

    Attributes:
        layers: The records by key.
        inputs: What the model was given.
        output: What the model returned.
        aliases: Further spellings of keys.
    """

    layers: dict[str, AnyTrace]
    inputs: Arrays = None
    output: Arrays = None
    aliases: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> AnyTrace:
        try:
            return self.layers[key if key in self.layers else self.aliases[key]]
        except (KeyError, TypeError):
            raise NoSuchKeyError(
                f"{key!r}: the layers of this trace are {listed(self.layers)}."
                + did_you_mean(key, self.layers)
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def recurrent(self, name: str | None = None) -> RecurrentTrace:
        """The record of a recurrent layer, typed as such.

        Args:
            name: Its key; not needed where the trace has exactly one such record.

        Raises:
            SeqvizError: There is no layer of this name (a KeyError too), or it is of another kind;
                or without a name there are none or several.
        """
        return only(self, RecurrentTrace) if name is None else of_kind(self, name, RecurrentTrace)

    def embedding(self, name: str | None = None) -> EmbeddingTrace:
        """The record of an `Embedding` layer, likewise.

        Args:
            name: Its key; not needed where the trace has exactly one such record.

        Raises:
            SeqvizError: As for `recurrent`.
        """
        return only(self, EmbeddingTrace) if name is None else of_kind(self, name, EmbeddingTrace)

    def to_frame(self, tokens: "Tokens | None" = None) -> "pandas.DataFrame":
        """One long table of pandas over all layers: that of each record, with a column `layer`.

        Layers inside a `Bidirectional` or a nested model have rows of their own, besides those of
        the layer around them.

        Args:
            tokens: As for `RecurrentTrace.to_frame`.

        Raises:
            SeqvizError: Likewise.
        """
        from seqviz.trace.frame import trace_frame

        return trace_frame(self.layers, tokens)

    def save(self, path_or_file: str | os.PathLike[str] | IO[bytes]) -> None:
        """Write everything into one file, from which `seqviz.load_trace` makes the same trace.

        It is an NPZ of arrays with a header in JSON, without pickle and not compressed; equal
        traces are equal files. Subclasses come back as what they are: a named tuple as a tuple.

        Args:
            path_or_file: Where: a path, taken as it is (``.npz`` is not appended), or a file
                opened for writing bytes.

        Raises:
            SeqvizError: It cannot be written there; or a layer took or returned an object that is
                neither an array, a number nor text.
        """
        from seqviz.trace.file import save_trace

        save_trace(self, path_or_file)

    if not TYPE_CHECKING:  # it would make a type checker accept every name

        def __getattr__(self, name: str) -> Any:
            layers = vars(self).get("layers", {})  # empty while it is unpickled
            key = name if name in layers else next(iter(layers), "lstm")
            raise NoSuchAttributeError(
                f"Trace has no attribute {name!r}. Layers are taken by name, as trace[{key!r}]: "
                f"here they are {listed(layers)}."
            )

    def __repr__(self) -> str:
        return written("Trace", summary.layer_rows(self.layers))

    def _repr_html_(self) -> str:
        from seqviz.trace.html import trace_html

        return trace_html(self.layers)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.layers)
