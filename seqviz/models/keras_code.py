"""The Keras code that a student takes home: runs as shown, and gives the numbers of the picture."""

from collections.abc import Sequence
from typing import Any


def embedding_code(layer: Any, ids: Sequence[int], tokens: Sequence[str]) -> str:
    """A script that builds `layer` again and looks `ids` up.

    Args:
        layer: From `seqviz.models.build.build_embedding`.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.

    Returns:
        Python source. Run, it leaves the layer's result in ``output``, bitwise that of `layer`.
    """
    return script(
        ids,
        tokens,
        ["layer = " + embedding_source(layer)],
        [
            "output = layer(ids)",
            "print(output.shape)  # (batch, timesteps, embedding_dim)",
            "print(output.numpy())",
        ],
    )


def model_code(model: Any, ids: Sequence[int], tokens: Sequence[str]) -> str:
    """A script that builds `model` again and calls it on `ids`.

    Args:
        model: From `seqviz.build_model`.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.

    Returns:
        Python source. Run, it leaves the model in ``model`` and its result in ``output``, bitwise
        those of `model`; with ``return_state`` it is a list, output first.
    """
    _, embedding, *others = model.layers
    return layers_code(embedding, others, ids, tokens)


def layers_code(
    embedding: Any, others: Sequence[Any], ids: Sequence[int], tokens: Sequence[str]
) -> str:
    """The same for the layers of a model, each of which reads what the one before it returns.

    Args:
        embedding: The first layer.
        others: Those on top of it.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.

    Returns:
        As for `model_code`.
    """
    lines = [
        'inputs = keras.Input((None,), dtype="int32")',
        f"x = {embedding_source(embedding)}(inputs)",
    ]
    result = "x"
    for layer in others:
        if getattr(layer, "return_state", False):
            cell = layer.forward_layer if _kind(layer) == "Bidirectional" else layer
            per_direction = ["h", "c"] if _kind(cell) == "LSTM" else ["h"]
            names = per_direction
            if cell is not layer:
                names = [f"{s}_{way}" for way in _WAYS for s in per_direction]
            lines.append(f"x, {', '.join(names)} = {layer_source(layer)}(x)")
            result = f"[x, {', '.join(names)}]"
        else:
            lines.append(f"x = {layer_source(layer)}(x)")
    lines.append(f"model = keras.Model(inputs, {result})")
    after = ["output = model(ids)"]
    # Bidirectional with merge_mode=None returns one sequence for each direction.
    if result != "x" or (others and getattr(others[-1], "merge_mode", "") is None):
        after += ["for part in output:", "    print(part.shape, part.numpy())"]
    else:
        after += ["print(output.shape)", "print(output.numpy())"]
    return script(ids, tokens, lines, [*after, *_inside(embedding, others)])


def _inside(embedding: Any, others: Sequence[Any]) -> list[str]:
    """Lines that print what recurrent layers read, and every state of theirs."""
    recurrent = [layer for layer in others if _cells_of(layer)]
    if not recurrent:
        return []
    lines = [
        "",
        "# Inside, timestep by timestep: each state is made of x and of the last state.",
        "x = model.layers[1](ids)",
    ]
    if embedding.mask_zero:
        lines.append("mask = ids[0] != 0  # at other timesteps the state stays as it is")
    for place, layer in enumerate(recurrent, 2):
        lines.append(f"layer = model.layers[{place}]")
        for name, one in _cells_of(layer):
            lines += [
                f"states = {name}.get_initial_state(batch_size=1)",
                f"print({name}.name, *[state.numpy() for state in states])",
                f"for t in {'reversed(range(x.shape[1]))' if one.go_backwards else 'range(x.shape[1])'}:",
                *(["    if mask[t]:"] if embedding.mask_zero else []),
                f"{'    ' * (2 if embedding.mask_zero else 1)}"
                f"_, states = {name}.cell(x[:, t], states)",
                '    print(t + 1, "x", x[0, t].numpy(), "states", *[s[0].numpy() for s in states])',
            ]
        if layer is not recurrent[-1]:
            lines.append("x = layer(x)  # what the next layer reads")
    return lines


def _cells_of(layer: Any) -> list[tuple[str, Any]]:
    """The recurrent layers in a layer, each by what a script calls it."""
    if _kind(layer) == "Bidirectional":
        return [(f"layer.{way}_layer", getattr(layer, f"{way}_layer")) for way in _WAYS]
    return [("layer", layer)] if hasattr(layer, "cell") else []


_WAYS = ("forward", "backward")


def layer_code(layer: Any) -> str:
    """One Embedding, recurrent or Dense layer as an expression over several lines."""
    return embedding_source(layer) if _kind(layer) == "Embedding" else layer_source(layer)


def script(
    ids: Sequence[int], tokens: Sequence[str], build: Sequence[str], call: Sequence[str]
) -> str:
    """A script that makes the ids, builds something, and calls it."""
    # repr() of the tokens: no text can leave the comment.
    words = " ".join(repr(token)[1:-1] for token in tokens)
    return "\n".join(
        [
            "import keras",
            "import numpy as np",
            "",
            f"# {words}",
            f"ids = np.array([{list(map(int, ids))}])",
            "",
            *build,
            "",
            *call,
            "",
        ]
    )


def embedding_source(layer: Any) -> str:
    """The call that makes an Embedding like `layer`."""
    arguments = [str(layer.input_dim), str(layer.output_dim)]
    if layer.mask_zero:
        arguments.append("mask_zero=True")
    arguments.append(f"embeddings_initializer={_initializer(layer.embeddings_initializer)}")
    return _call("Embedding", arguments)


def layer_source(layer: Any, **changed: Any) -> str:
    """The layer with its arguments, some of which may be `changed`."""
    kind = _kind(layer)
    if kind == "Bidirectional":
        both = [
            layer_source(layer.forward_layer),
            f"backward_layer={layer_source(layer.backward_layer)}",
        ]
        if layer.merge_mode != "concat":
            both.append(f"merge_mode={layer.merge_mode!r}")
        return _call(kind, both)
    if kind == "TimeDistributed":
        return _call(kind, [layer_source(layer.layer)])
    arguments = [str(layer.units)]
    if kind == "Dense":
        arguments += [
            f'activation="{layer.activation.__name__}"',
            f"kernel_initializer={_initializer(layer.kernel_initializer)}",
        ]
        return _call(kind, arguments)
    cell = layer.cell

    def argument(name: str, of: Any) -> Any:
        return changed[name] if name in changed else getattr(of, name)

    if cell.activation.__name__ != "tanh":
        arguments.append(f'activation="{cell.activation.__name__}"')
    if kind != "SimpleRNN" and cell.recurrent_activation.__name__ != "sigmoid":
        arguments.append(f'recurrent_activation="{cell.recurrent_activation.__name__}"')
    arguments += [
        f"{name}=False"
        for name in ("use_bias", "unit_forget_bias", "reset_after")
        if not getattr(cell, name, True)
    ]
    arguments += [
        f"{name}=True"
        for name in ("return_sequences", "return_state", "go_backwards", "stateful")
        if argument(name, layer)
    ]
    arguments += [
        f"kernel_initializer={_initializer(cell.kernel_initializer)}",
        f"recurrent_initializer={_initializer(cell.recurrent_initializer)}",
    ]
    rates = {name: argument(name, cell) for name in ("dropout", "recurrent_dropout")}
    if any(rates.values()):
        arguments += [f"{name}={rate:g}" for name, rate in rates.items() if rate]
        arguments.append(f"seed={argument('seed', cell)}")
    return _call(kind, arguments)


def _kind(layer: Any) -> str:
    return type(layer).__name__


def _call(kind: str, arguments: Sequence[str]) -> str:
    inside = "".join(f"    {argument},\n".replace("\n    ", "\n        ") for argument in arguments)
    return f"keras.layers.{kind}(\n{inside})"


def _initializer(initializer: Any) -> str:
    arguments = []
    if _kind(initializer) == "RandomUniform" and initializer.get_config()["maxval"] != 0.05:
        arguments += [f"{initializer.minval}", f"{initializer.maxval}"]
    seed = getattr(initializer, "seed", None)
    if seed is not None:
        arguments.append(f"seed={seed}")
    return f"keras.initializers.{_kind(initializer)}({', '.join(arguments)})"


_RADIUS = """\
# Scale each block of the recurrent kernel to one spectral radius (largest |eigenvalue|).
kernel = layer.cell.recurrent_kernel.numpy()
blocks = np.split(kernel, kernel.shape[1] // len(kernel), axis=1)
radii = [np.abs(np.linalg.eigvals(block.astype("float64"))).max() for block in blocks]
factors = np.repeat([{radius} / radius for radius in radii], len(kernel))
layer.cell.recurrent_kernel.assign(kernel * factors)
"""


_BIAS = """\
# Open the gate that keeps the last state: the {gate} gate.
bias = layer.cell.bias.numpy()
np.atleast_2d(bias)[0, {first}:{last}] += {amount}
layer.cell.bias.assign(bias)
"""


_GATES = {"GRU": ("update", 0), "LSTM": ("forget", 1)}


def sentence_source(
    ids: Sequence[int], tokens: Sequence[str], changed: Sequence[int] | None = None
) -> list[str]:
    """Lines that make the ids of a sentence, and of one with another first word (`changed`)."""
    # repr() of the tokens: no text can leave the comment.
    words = " ".join(repr(token)[1:-1] for token in tokens)
    rows = [list(map(int, row)) for row in (ids, changed) if row is not None]
    return [f"# {words}", f"ids = np.array({rows})", ""]


def adjusted_source(layer: Any, radius: float | None, gate_bias: float) -> list[str]:
    """Lines that set a layer's spectral radius and gate bias as `recurrent_weights` does."""
    lines = []
    if radius is not None:
        lines.append(_RADIUS.replace("{radius}", str(radius)).rstrip())
    kind = type(layer).__name__
    if gate_bias and kind in _GATES:
        gate, block = _GATES[kind]
        first = block * layer.units
        lines.append(
            _BIAS.format(
                gate=gate, first=first, last=first + layer.units, amount=gate_bias
            ).rstrip()
        )
    return lines
