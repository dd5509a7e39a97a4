"""The Keras code of a stack, with what Keras refuses caught and printed."""

from collections.abc import Sequence

import keras

from seqviz.models.build_stack import BuiltStack, stacked_layer
from seqviz.models.keras_code import layer_code, model_code
from seqviz.models.stack_config import StackConfig


def stack_code(
    config: StackConfig, built: BuiltStack, ids: Sequence[int], tokens: Sequence[str]
) -> str:
    """A script that builds the stack again and calls it on `ids`.

    Args:
        config: Of the stack.
        built: What `build_until_refused` made of it.
        ids: ``(timesteps,)``.
        tokens: The word at each timestep, for a comment.

    Returns:
        Python source. Run, it leaves the result in ``output``, bitwise that of the model; and of
        a refused layer what Keras said in ``error_text``.
    """
    source = model_code(built.model, ids, tokens)
    if built.refused is None:
        return source
    name = built.names[built.refused]
    layer: keras.layers.Layer = stacked_layer(config, built.refused, name)
    call = layer_code(layer).replace("\n", "\n    ")
    below = "a list" if isinstance(built.model.output, list) else "(batch, units), not a sequence"
    return source + "\n".join(
        [
            "",
            f"# The next layer is refused: the one below it returns {below}.",
            "try:",
            f"    {call[:-1]}    name={name!r},\n    )(model.output)",
            "except ValueError as error:",
            "    error_text = str(error)",
            "    print(error_text)",
            "",
        ]
    )
