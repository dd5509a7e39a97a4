"""From a `ModelConfig` to a real `keras.Model`."""

from functools import lru_cache
from hashlib import blake2b
from typing import Any

import keras

from seqviz.config import LAYER_NAMES, ModelConfig
from seqviz.errors import SeqvizError


def build_model(config: ModelConfig) -> keras.Model:
    """Build the functional model that a config describes.

    Its input is ids `(batch, timesteps)` of int32, any number of timesteps. Layers are named
    `embedding`, then `simple_rnn`, `simple_rnn_1`, … (`gru`, `lstm`; or `bidirectional`,
    `bidirectional_1`, … around them), then `dense` or `time_distributed`.

    Every name is given and every initializer has its own seed, so nothing depends on Keras's
    process-wide counters and random state: equal configs give bitwise equal weights from any
    thread, and on TensorFlow even while another calls `keras.backend.clear_session()`. Seeds are
    derived from the role of a weight, so changing `units` leaves the embedding table as it was.

    Raises:
        SeqvizError: If it is no config, or Keras knows no initializer or activation of the name in
            it.
    """
    if not isinstance(config, ModelConfig):
        settings = "**settings" if isinstance(config, dict) else ""
        raise SeqvizError(
            f"build_model was given {type(config).__name__}, but needs a ModelConfig. "
            f"Write seqviz.build_model(seqviz.ModelConfig({settings}))."
        )
    ids = keras.Input((None,), dtype="int32", name="ids")
    x = build_embedding(config)(ids)

    states: list[Any] = []
    for depth, units in enumerate(config.units):
        last = depth == len(config.units) - 1
        returned = _recurrent(config, depth, units, last)(x)
        if last and config.return_state:
            x, *states = returned
        else:
            x = returned

    if config.head != "none":
        head = build_head(config)
        if config.head == "time_distributed":
            head = keras.layers.TimeDistributed(head, name="time_distributed")
        x = head(x)
    return keras.Model(ids, [x, *states] if states else x, name="seqviz")


def build_head(config: ModelConfig) -> keras.layers.Dense:
    """The `Dense` layer on top of a config's recurrent layers, not built yet."""
    return keras.layers.Dense(
        config.classes,
        activation=_activation(config.head_activation, "head_activation"),
        kernel_initializer=keras.initializers.GlorotUniform(
            weight_seed(config.seed, "dense/kernel")
        ),
        name="dense",
    )


def build_embedding(config: ModelConfig) -> keras.layers.Embedding:
    """Build the embedding layer of a config by itself, with its weights.

    Its table is bitwise the one that `build_model` gives the same config.

    Raises:
        SeqvizError: If Keras knows no initializer of the name in the config.
    """
    layer = keras.layers.Embedding(
        config.vocab_size,
        config.embedding_dim,
        mask_zero=config.mask_zero,
        embeddings_initializer=embeddings_initializer(config),
        name="embedding",
    )
    layer.build()
    return layer


def embeddings_initializer(config: ModelConfig) -> keras.initializers.Initializer:
    """The initializer of a config's embedding table, with its seed.

    Raises:
        SeqvizError: If Keras knows no initializer of the name in the config.
    """
    return _initializer(config, "embeddings_initializer", "embedding")


def build_recurrent(config: ModelConfig) -> keras.layers.Layer:
    """Build the first recurrent layer of a config by itself, with its weights.

    They are bitwise those that `build_model` gives the same config.

    Raises:
        SeqvizError: If Keras knows no activation of the name in the config.
    """
    layer = _recurrent(config, 0, config.units[0], len(config.units) == 1)
    layer.build((None, None, config.embedding_dim))
    return layer


def _recurrent(config: ModelConfig, depth: int, units: int, last: bool) -> keras.layers.Layer:
    suffix = f"_{depth}" if depth else ""
    name = f"{LAYER_NAMES[config.cell]}{suffix}"

    def layer(name: str, role: str, go_backwards: bool) -> keras.layers.RNN:
        return recurrent_layer(
            config,
            units,
            role=role,
            name=name,
            return_sequences=config.return_sequences or not last,
            return_state=config.return_state and last,
            go_backwards=go_backwards,
        )

    if not config.bidirectional:
        return layer(name, f"recurrent/{depth}", config.go_backwards)
    # Left to itself Bidirectional copies the forward layer with its seeds, and both directions
    # would start from the same weights.
    return keras.layers.Bidirectional(
        layer(name, f"recurrent/{depth}/forward", False),
        backward_layer=layer(f"backward_{name}", f"recurrent/{depth}/backward", True),
        name=f"bidirectional{suffix}",
    )


def recurrent_layer(
    config: ModelConfig, units: int, *, role: str, name: str, **arguments: Any
) -> keras.layers.RNN:
    """One recurrent layer with the cell, activation and seed of a config.

    Args:
        config: Its `cell`, `seed` and the arguments that Keras's cells take are used.
        units: Width of the state.
        role: What the seeds are derived from, such as ``"recurrent/0"``.
        name: Of the layer.
        arguments: Further ones, as Keras takes them.
    """
    # What a cell of this kind does not have is unused.
    if config.cell == "LSTM":
        arguments["unit_forget_bias"] = config.unit_forget_bias
    if config.cell == "GRU":
        arguments["reset_after"] = config.reset_after
    if config.cell != "SimpleRNN":
        arguments["recurrent_activation"] = _activation(
            config.recurrent_activation, "recurrent_activation"
        )
    return getattr(keras.layers, config.cell)(
        units,
        activation=_activation(config.activation),
        use_bias=config.use_bias,
        kernel_initializer=_initializer(config, "kernel_initializer", f"{role}/kernel"),
        recurrent_initializer=_initializer(
            config, "recurrent_initializer", f"{role}/recurrent_kernel"
        ),
        seed=weight_seed(config.seed, f"{role}/dropout"),
        name=name,
        **arguments,
    )


def weight_seed(seed: int, role: str) -> int:
    """The seed of one weight of a model, by the model's seed and what the weight is for."""
    digest = blake2b(f"{seed}/{role}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) >> 1  # Keras wants a positive int32


def _initializer(config: ModelConfig, field: str, role: str) -> keras.initializers.Initializer:
    """The initializer that `field` of a config names, with the seed of a role."""
    initializer = _initializer_by_name(getattr(config, field), field)
    arguments = initializer.get_config()
    if "seed" not in arguments:
        return initializer
    return type(initializer).from_config({**arguments, "seed": weight_seed(config.seed, role)})


@lru_cache(maxsize=64)
def _initializer_by_name(name: str, field: str) -> keras.initializers.Initializer:
    """The initializer, tried out once: trying costs as much as building a small layer."""
    try:
        initializer = keras.initializers.get(name)
        initializer.get_config()
        initializer((1, 1))
    # Some names that Keras knows fail later: "constant" needs a value, "stft" scipy.
    except (ValueError, TypeError, AttributeError, LookupError, RuntimeError, ImportError) as error:
        raise SeqvizError(
            f"{field} is {name!r}, but Keras has no initializer of that name "
            "that works by its name alone. Write for example 'uniform', 'normal' or 'zeros'."
        ) from error
    return initializer


def _activation(name: str, field: str = "activation") -> Any:
    try:
        return keras.activations.get(name)
    except (ValueError, TypeError) as error:
        raise SeqvizError(
            f"{field} is {name!r}, but Keras has no activation of that name. "
            "Write for example 'tanh', 'sigmoid' or 'linear'."
        ) from error
