"""The Keras code of states that are kept, given or dropped: runs as shown, gives these numbers."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from seqviz.models.keras_code import embedding_source, layer_source, script

# The layer of each script returns every state, and nothing else.
_ALL: Final = {"return_sequences": True, "return_state": False}


def stateful_code(
    embedding: Any,
    layer: Any,
    ids: Sequence[int],
    tokens: Sequence[str],
    *,
    chunk_length: int,
    resets: Collection[int] = (),
) -> str:
    """A script that calls a stateful layer on one chunk of the sentence after the other.

    Args:
        embedding: The `Embedding` layer.
        layer: The recurrent layer that `compute_stateful` was given.
        ids: ``(timesteps,)``.
        tokens: ``(timesteps,)``, for a comment.
        chunk_length: As `compute_stateful` takes it.
        resets: Likewise.

    Returns:
        Python source that leaves all states, ``(1, timesteps, units)``, in ``output``.
    """
    loop = [
        "outputs = []",
        f"for call, start in enumerate(range(0, ids.shape[1], {chunk_length})):",
    ]
    real = sorted(n for n in resets if 0 < n < -(-len(ids) // chunk_length))
    if real:
        loop += [
            f"    if call in {real}:",
            "        layer.reset_state()  # on the layer: a Keras 3 model has no reset_states()",
        ]
    loop += [
        f"    outputs.append(model(ids[:, start : start + {chunk_length}]))",
        "    print(call + 1, outputs[-1].numpy())",
        "output = np.concatenate(outputs, axis=1)",
        "",
        "# How far that is from one call with the whole sentence.",
        "layer.reset_state()",
        "whole = model(ids).numpy()",
        'print("difference", np.abs(output - whole).max(axis=-1))',
        "",
        "# As stateful=False does it: every call begins with zeros.",
        f"for call, start in enumerate(range(0, ids.shape[1], {chunk_length})):",
        "    layer.reset_state()",
        "    if call:",
        '        print("begins with zeros, off by", np.abs(whole[:, start - 1]).max())',
        f"    alone = model(ids[:, start : start + {chunk_length}]).numpy()",
        f"    apart = np.abs(alone - whole[:, start : start + {chunk_length}]).max(axis=-1)",
        '    print(call + 1, layer.name, alone, "difference", apart)',
    ]
    if type(layer).__name__ == "LSTM":
        loop += [
            *_walk(embedding, "model.layers[1](ids)"),
            f"calls = range(0, ids.shape[1], {chunk_length})",
            "whole = walk(zeros)",
            f"for resets in ({[n * chunk_length for n in real]}, calls):  # stateful, and not",
            "    walked = walk(zeros, resets)",
            '    print("c", walked[:, 1], "difference", np.abs(walked - whole).max(axis=(1, 2)))',
            '    print("begins off by", [float(np.abs(whole[t - 1]).max()) for t in resets if t])',
        ]
    return script(
        ids,
        tokens,
        [
            "# A stateful layer needs a batch size that is fixed: batch_shape, on the Input.",
            'inputs = keras.Input(batch_shape=(1, None), dtype="int32")',
            f"x = {embedding_source(embedding)}(inputs)",
            f"layer = {layer_source(layer, **_ALL, stateful=True)}",
            "model = keras.Model(inputs, layer(x))",
        ],
        loop,
    )


def initial_state_code(
    embedding: Any,
    layer: Any,
    ids: Sequence[int],
    tokens: Sequence[str],
    initial_state: Sequence[Sequence[float]],
) -> str:
    """A script that calls the layer with ``initial_state=``.

    Args:
        embedding: The `Embedding` layer.
        layer: The recurrent layer that `compute_initial_state` was given.
        ids: ``(timesteps,)``.
        tokens: ``(timesteps,)``, for a comment.
        initial_state: h, and for an LSTM c, each ``(units,)``.

    Returns:
        Python source that leaves all states, ``(1, timesteps, units)``, in ``output``.
    """
    names = ["h", "c"][: len(initial_state)]
    return script(
        ids,
        tokens,
        [
            f"embedding = {embedding_source(embedding)}",
            f"layer = {layer_source(layer, **_ALL)}",
            *(
                f'{name} = np.array([{[float(v) for v in state]}], dtype="float32")'
                for name, state in zip(names, initial_state, strict=True)
            ),
        ],
        [
            "x = embedding(ids)",
            *(
                ["# Beside initial_state= Keras 3 does not find the mask by itself."]
                if embedding.mask_zero
                else []
            ),
            f"output = layer(x, initial_state=[{', '.join(names)}]"
            f"{', mask=embedding.compute_mask(ids)' if embedding.mask_zero else ''})",
            "print(output.shape)",
            f"print({', '.join(names)}, output.numpy())",
            "",
            "# Without initial_state it is zeros.",
            "from_zeros = layer(x)",
            f"print(np.zeros({len(initial_state[0])}), from_zeros.numpy())",
            'print("difference", np.abs(output - from_zeros).max(axis=-1))',
            *(_both_cell_states(embedding) if len(names) == 2 else []),
        ],
    )


def dropout_code(
    embedding: Any,
    layer: Any,
    ids: Sequence[int],
    tokens: Sequence[str],
    *,
    dropout: float,
    recurrent_dropout: float,
    seed: int,
    call: int = 1,
) -> str:
    """A script that calls the layer in training, and shows the masks that it used.

    Args:
        embedding: The `Embedding` layer.
        layer: The recurrent layer that `compute_dropout` was given.
        ids: ``(timesteps,)``.
        tokens: ``(timesteps,)``, for a comment.
        dropout: As `compute_dropout` takes it.
        recurrent_dropout: Likewise.
        seed: Likewise.
        call: Likewise.

    Returns:
        Python source that leaves all states, ``(1, timesteps, units)``, in ``output``.
    """
    rates = {"dropout": dropout, "recurrent_dropout": recurrent_dropout}
    before = [
        f"for _ in range({call - 1}):",
        "    layer(x, training=True)  # each call draws other masks",
    ]
    return script(
        ids,
        tokens,
        [
            f"embedding = {embedding_source(embedding)}",
            f"layer = {layer_source(layer, **_ALL, **rates, seed=seed)}",
        ],
        [
            "x = embedding(ids)",
            "layer.build(x.shape)",
            *(before if call > 1 else []),
            "# Asked for first, so that they can be seen; the call uses them at every step.",
            "print(layer.cell.get_dropout_mask(x[:, 0]))",
            f"print(layer.cell.get_recurrent_dropout_mask(np.zeros((1, {layer.units}), "
            '"float32")))',
            *_read(type(layer).__name__, dropout),
            "output = layer(x, training=True)",
            "print(output.numpy())",
            'print("inference", layer(x).numpy())  # nothing is dropped',
        ],
    )


def _read(kind: str, dropout: float) -> list[str]:
    """Lines that print what is left of the input."""
    if not dropout:
        return ['print("x", x.numpy())']
    gate = "" if kind == "SimpleRNN" else "[0]"  # else a mask for each gate, the first of which …
    return [f'print("x * mask", (x * layer.cell.get_dropout_mask(x[:, 0]){gate}).numpy())']


def _both_cell_states(embedding: Any) -> list[str]:
    """Lines that print c of an LSTM, from the states that were given and from zeros."""
    return [
        *_walk(embedding, "x"),
        "given, whole = walk([h, c]), walk(zeros)",
        'print("c", given[:, 1], whole[:, 1])',
        'print("difference", np.abs(given - whole).max(axis=(1, 2)))',
    ]


def _walk(embedding: Any, x: str) -> list[str]:
    """Lines that define `walk`: h and c of an LSTM after every step."""
    space = "    " * 3 if embedding.mask_zero else "    " * 2
    return [
        "",
        "",
        "# The layer does not return c, which differs too.",
        f"x, zeros = {x}, layer.get_initial_state(batch_size=1)",
        "",
        "",
        "def walk(states, resets=()):",
        '    """h and c after every step: (timesteps, 2, units)."""',
        "    walked = []",
        "    for t in range(ids.shape[1]):",
        "        if t in resets:",
        "            states = zeros",
        *(["        if ids[0, t] != 0:"] if embedding.mask_zero else []),
        f"{space}_, states = layer.cell(x[:, t], states)",
        "        walked.append([state[0] for state in states])",
        "    return np.array(walked)",
        "",
        "",
    ]
