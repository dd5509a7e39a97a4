"""The lesson pages that are measured: the slider that a measurement moves, and the most they show."""

from typing import Any, Final

# Page, as in its address → key of the slider. The first two carry the main job: they are what the
# browser, the load and the memory are measured with.
SLIDERS: Final = {"recurrent": "recurrent_units", "embedding": "embedding_embedding_dim"}

# Of the others those that have one; ids, padding, meaning and pretrained have other controls, and
# each change on training trains a model.
MORE_SLIDERS: Final = {
    "gather": "gather_embedding_dim",
    "layer": "layer_embedding_dim",
    "learning": "learning_learning_rate",
    "outputs": "outputs_units",
    "stacks": "stacks_units_1",
    "cell": "cell_units",
    "compare": "compare_units",
    "gradients": "gradients_units",
    "state": "state_units",
}

WORDS: Final = " ".join(f"word{i:04}" for i in range(200))
# Far apart, so that each row of the matrix is drawn between two folds.
SPREAD_IDS: Final = " ".join(str(i * 49) for i in range(200))
_DOZEN = " ".join(f"word{i:02}" for i in range(12))

# The settings of each page that send most, without its prefix. Where a page is listed twice, the
# larger one counts.
LARGEST: Final[list[tuple[str, dict[str, Any]]]] = [
    *(
        (
            "recurrent",
            {
                "text": text,
                "units": 128,
                "cell": "LSTM",
                "return_sequences": True,
                "return_state": True,
                "go_backwards": True,
                "embedding_dim": 128,
                "vocab_size": 10_000,
                "mask_zero": True,
            },
        )
        for text in (WORDS, SPREAD_IDS)
    ),
    *(
        (
            "embedding",
            {"text": text, "embedding_dim": 128, "vocab_size": 10_000, "mask_zero": True},
        )
        for text in (WORDS, SPREAD_IDS)
    ),
    ("gather", {"text": WORDS, "vocab_size": 1000, "embedding_dim": 32, "costs": True}),
    (
        "layer",
        {
            "text": WORDS,
            "vocab_size": 1000,
            "embedding_dim": 32,
            "mask_zero": True,
            "arguments": True,
        },
    ),
    (
        "ids",
        {
            "ids": "0 1 9999 10000 -1 -2 -9999 -10001 1.7 1e30 nan 5000",
            "vocab_size": 10_000,
            "hashing": True,
            "num_bins": 10_000,
            "text": _DOZEN,
        },
    ),
    *(
        (
            "padding",
            {
                "units": 16,
                "zero_output_for_mask": True,
                "states": True,
                "lines": "\n".join([_DOZEN, *[shorter] * (count - 1)]),
            },
        )
        for count, shorter in ((4, _DOZEN), (30, _DOZEN[:20]))
    ),
    (
        "learning",
        {
            "text": _DOZEN,
            "batch_b": _DOZEN.replace("word", "other"),
            "embedding_dim": 16,
            "vocab_size": 1000,
            "steps_on_A": 4,
            "steps_on_B": 6,
            "optimizer": "AdamW",
            "gradient": True,
        },
    ),
    ("meaning", {"task": "missing word", "embedding_dim": 32, "epochs": 100}),
    (
        "pretrained",
        {"text": WORDS, "near": True, "k": 20, "train": True, "steps": 30, "learning_rate": 3.0},
    ),
    (
        "outputs",
        {
            "text": WORDS,
            "cell": "LSTM",
            "units": 128,
            "embedding_dim": 128,
            "vocab_size": 10_000,
            "return_sequences": True,
            "return_state": True,
            "head": "Dense",
            "classes": 8,
        },
    ),
    (
        "stacks",
        {
            "text": WORDS,
            "layers": 4,
            **{f"cell_{n}": "GRU" for n in range(1, 5)},
            **{f"units_{n}": 64 for n in range(1, 5)},
            "embedding_dim": 64,
            "vocab_size": 10_000,
            "order": "layer",
        },
    ),
    (
        "cell",
        {
            "text": WORDS,
            "units": 128,
            "embedding_dim": 128,
            "vocab_size": 10_000,
            "timestep": 200,
            "unit": 127,
            "terms": True,
            "history": True,
            "weights": True,
        },
    ),
    (
        "compare",
        {
            "units": 128,
            "embedding_dim": 128,
            "timesteps": 100,
            "vocab_size": 10_000,
            "spectral_radius": 2,
            "activation": "linear",
            "gate_bias": 6,
        },
    ),
    (
        "gradients",
        {
            "cell": "LSTM",
            "units": 128,
            "embedding_dim": 128,
            "timesteps": 50,
            "vocab_size": 10_000,
            "spectral_radius": 2,
            "output": "norm",
        },
    ),
    (
        "training",
        {
            "task": "first word",
            "timesteps": 60,
            "units": 64,
            "batch_size": 128,
            "epochs": 31,
            "show": "gates",
        },
    ),
    *(
        (
            "state",
            {
                **part,
                "text": WORDS,
                "cell": "LSTM",
                "units": 128,
                "embedding_dim": 128,
                "vocab_size": 10_000,
            },
        )
        for part in ({"chunk_length": 1}, {"part": "dropout"})
    ),
]
