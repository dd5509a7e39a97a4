"""Sending a padded batch through real Keras layers, and following its mask.

The layers are called by Keras one after the other, and the mask is read where Keras itself reads
it: it travels with a tensor, as its attribute ``_keras_mask``.
"""

import threading
import warnings
from collections.abc import Hashable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from seqviz.config import LAYER_NAMES
from seqviz.errors import SeqvizError
from seqviz.extras import naming_extras
from seqviz.lessons.padding.compute import CLASSES, Fate, MaskStage, Padding, PaddingConfig
from seqviz.trace import RecurrentTrace


def build_padding_layers(config: PaddingConfig) -> list[Any]:
    """The four Keras layers of `config`, not built yet, every one named and seeded.

    The embedding starts from numbers between -1 and 1, where Keras's default is ±0.05, so that
    states can be told from zero.
    """
    import keras

    layers, seeded, seed = keras.layers, keras.initializers, config.seed
    cell = getattr(layers, config.cell)
    return [
        layers.Embedding(
            config.vocab_size,
            config.embedding_dim,
            mask_zero=config.mask_zero,
            embeddings_initializer=seeded.RandomUniform(-1.0, 1.0, seed=seed),
            name="embedding",
        ),
        cell(
            config.units,
            return_sequences=config.return_sequences,
            zero_output_for_mask=config.zero_output_for_mask,
            kernel_initializer=seeded.GlorotUniform(seed=seed),
            recurrent_initializer=seeded.Orthogonal(seed=seed),
            seed=seed,
            name=LAYER_NAMES[config.cell],
        ),
        layers.Dense(CLASSES, kernel_initializer=seeded.GlorotUniform(seed=seed), name="dense"),
        layers.Flatten(name="flatten"),
    ]


def build_padding_model(config: PaddingConfig, timesteps: int) -> Any:
    """The layers of `config` as one `keras.Sequential`, for sentences of `timesteps` words."""
    import keras

    layers = build_padding_layers(config)
    inputs = keras.Input((timesteps,), dtype="int32", name="ids")
    return keras.Sequential([inputs, *layers], name="seqviz")


def trace_masks(layers: Sequence[Any], ids: Any) -> tuple[MaskStage, ...]:
    """Call layers one after the other, as a `keras.Sequential` does, and follow the mask.

    Args:
        layers: Keras layers, each taking what the one before returned.
        ids: ``(batch, timesteps)``.

    Raises:
        SeqvizError: A layer cannot be called on what comes to it.
    """
    from seqviz.tracing.intercept import Listener

    return _stages(layers, ids, Listener())


def _stages(layers: Sequence[Any], ids: Any, listener: Any) -> tuple[MaskStage, ...]:
    """The same, with somebody who may go through sequences in place of Keras."""
    import keras

    from seqviz.tracing.intercept import listening
    from seqviz.tracing.refusals import explain, is_keras_refusal

    x = keras.ops.convert_to_tensor(ids)
    stages = []
    for layer in layers:
        before = getattr(x, "_keras_mask", None)
        try:
            with listening(listener):
                x = layer(x)
        except Exception as error:
            if not is_keras_refusal(error):
                raise
            raise SeqvizError(explain(layer, x, error)) from error
        after = getattr(x, "_keras_mask", None)
        fate = _fate(before, after, layer.supports_masking)
        stages.append(
            MaskStage(
                name=layer.name,
                layer=_called(layer),
                values=np.array(x),
                mask=None if after is None else np.array(after, bool),
                fate=fate,
                warning=lost_mask_warning(cast(Hashable, type(layer)), layer.name)
                if fate == "lost"
                else "",
            )
        )
    return tuple(stages)


def _fate(before: Any, after: Any, supports_masking: bool) -> Fate:
    if before is None:
        return "none" if after is None else "made"
    if after is not None:
        return "carried"
    return "used up" if supports_masking else "lost"


def _called(layer: Any) -> str:
    kind = type(layer).__name__
    if kind == "Embedding":
        return f"Embedding({layer.input_dim}, {layer.output_dim})"
    return f"{kind}({getattr(layer, 'units', '')})"


def _replaying() -> Any:
    """A listener that has `capture` go through sequences: Keras takes a millisecond a step for it."""
    import keras

    from seqviz.tracing.capture import capture
    from seqviz.tracing.intercept import Listener

    class Replaying(Listener):
        def rnn_call(self, _: Any, layer: Any, sequences: Any, *arguments: Any) -> Any:
            _, mask, _ = arguments
            (trace,) = capture(layer, sequences, mask=mask).values()
            return keras.ops.convert_to_tensor(cast(RecurrentTrace, trace).main_output)

    return Replaying()


_warning_lock = threading.Lock()


@lru_cache(maxsize=16)
def lost_mask_warning(kind: Hashable, name: str) -> str:
    """What Keras warns when a layer of a class loses a mask, heard from a real call.

    Python can only listen to the warnings of the whole process, so this is done once for a class
    and a name, and not at every call.

    Args:
        kind: A class of Keras layers that need no arguments, such as `keras.layers.Flatten`.
        name: The layer's name, which is in the text.

    Returns:
        The warning; empty if there was none.
    """
    import keras

    x = keras.layers.Embedding(2, 1, mask_zero=True, name="embedding")(np.array([[1, 0]]))
    with _warning_lock, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        cast(Any, kind)(name=name)(x)
    texts = [str(warning.message) for warning in heard]
    return next((text for text in texts if f"'{name}'" in text and "mask" in text), "")


@naming_extras()
def compute_padding(sentences: Sequence[Sequence[int]], config: PaddingConfig) -> Padding:
    """Pad a batch, send it through the layers of `config`, and compare states with and without mask.

    Args:
        sentences: Ids of each sentence.
        config: Layers, and on which side to pad.

    Raises:
        SeqvizError: There is no sentence, one is empty, or an id is outside the matrix.
    """
    import keras

    from seqviz.tracing.capture import capture
    from seqviz.tracing.verify import verify

    if not sentences or not all(len(ids) for ids in sentences):
        raise SeqvizError(
            "A batch needs one sentence or more, each of one id or more, "
            f"but this one has the lengths {[len(ids) for ids in sentences]}. "
            "Write for example [[2, 3, 4], [5]]."
        )
    bad = [i for ids in sentences for i in ids if not 0 <= i < config.vocab_size]
    if bad:
        raise SeqvizError(
            f"Id {bad[0]} is outside the matrix: ids go from 0 to {config.vocab_size - 1}. "
            + (
                f"Use a smaller id, or vocab_size={max(bad) + 1}."
                if min(bad) >= 0
                else "Use ids from 0 on: 0 is padding."
            )
        )
    ids = keras.utils.pad_sequences([list(s) for s in sentences], padding=config.padding)
    real = keras.utils.pad_sequences([[1] * len(s) for s in sentences], padding=config.padding) == 1
    layers = build_padding_layers(config)
    stages = _stages(layers, ids, _replaying())
    vectors = stages[0].values
    mask = stages[0].mask
    if mask is None:
        # What the mask would be: asked of an Embedding that makes one.
        masking = keras.layers.Embedding(config.vocab_size, 1, mask_zero=True, name="masking")
        mask = np.array(masking.compute_mask(ids))
    recurrent = layers[1]

    def traced(
        vectors: NDArray[np.floating], mask: NDArray[np.bool_] | None, layer: Any = recurrent
    ) -> RecurrentTrace:
        return cast(RecurrentTrace, capture(layer, vectors, mask=mask)[layer.name])

    masked, unmasked = traced(vectors, mask), traced(vectors, None)
    returned = masked.main_output if config.return_sequences else masked.hidden_states
    if config.zero_output_for_mask and not config.return_sequences:
        # The same weights once more, in a layer that returns what this one would of a sequence.
        whole = build_padding_layers(replace(config, return_sequences=True))[1]
        whole.build(vectors.shape)
        returned = traced(vectors, mask, whole).main_output
    shown, shown_mask = (masked, mask) if config.mask_zero else (unmasked, None)
    proven = verify(recurrent, vectors, {recurrent.name: shown}, mask=shown_mask, at_once=True)
    return Padding(
        ids=ids,
        real=real,
        stages=stages,
        with_mask=masked.hidden_states,
        without_mask=unmasked.hidden_states,
        returned=returned,
        alone=np.stack(
            [
                traced(vectors[b : b + 1, places], mask[b : b + 1, places]).hidden_states[0, -1]
                for b, places in enumerate(real)
            ]
        ),
        difference=max(proven, float(np.abs(shown.main_output - stages[1].values).max())),
        config=config,
    )
