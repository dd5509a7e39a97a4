"""Words that stand for parts of a picture: pointing at them lights the part up, in the browser.

A picture says where its parts are (`seqviz.plotly_kit.parts`), and which words stand for a part is
said here for all pictures, as the colours are. A number may follow: ``row 7``, ``h₂``.
"""

from typing import Final

# By part, as a regular expression without groups.
WORDS: Final = {
    "token": "tokens?|words?",
    "id": "ids?",
    "matrix": "embedding matrix|matrix|table|W",
    "row": "rows?",
    "file": "file",
    "file_row": "file rows?",
    "one_hot": "one-hot",
    "product": "product",
    "Dense": "Dense",
    "input": "inputs?|vectors?|x",
    "hidden": "hidden states?|states?|h",
    "cell": "cell states?|memory|c",
    "output": "outputs?|y",
    "last_hidden": "h_T",
    "last_cell": "c_T",
    "head": "TimeDistributed\\(Dense\\)|scores",
    "block": "block",
    "layer": "layers?",
    "forward": "forward",
    "backward": "backward",
    "timestep": "timesteps?",
    "step": "steps?",
    "call": "calls?",
    "kernel": "x·W|input's share",
    "recurrent_kernel": "h·U|last state's share",
    "bias": "bias",
    "input_gate": "input gate",
    "forget_gate": "forget gate",
    "output_gate": "output gate",
    "update_gate": "update gate",
    "reset_gate": "reset gate",
    "candidate": "candidate",
    "memory": "m",
    "mask": "masks?",
    "padding": "padded steps?|padding",
    "Embedding": "Embedding",
    "Flatten": "Flatten",
    "SimpleRNN": "SimpleRNN",
    "GRU": "GRU",
    "LSTM": "LSTM",
    "difference": "difference",
    "curve": "lines?",
    "gradient": "gradients?|∂L/∂h",
    "input_gradient": "∂L/∂x",
    "cell_gradient": "∂L/∂c",
    "target": "L",
}


def _at_a_beginning_too(form: str) -> str:
    """The same for a word that may begin a sentence; a symbol is only what it is."""
    return (
        f"[{form[0].upper()}{form[0]}]{form[1:]}" if len(form) > 1 and form[0].islower() else form
    )


# The same for JavaScript and Python.
PATTERNS: Final = {
    name: "|".join(map(_at_a_beginning_too, forms.split("|"))) for name, forms in WORDS.items()
}
