"""What learners believe, what is so, and the state of a page that shows it.

Most are questions that keep coming up in the issue threads of Keras and TensorFlow.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from seqviz.app import catalogue


class Misconception(NamedTuple):
    """One of them.

    Attributes:
        belief: What learners say.
        truth: What is so.
        lesson: Where it is shown.
        state: Controls of that page, without its prefix; all others are at their defaults.
    """

    belief: str
    truth: str
    lesson: catalogue.Page
    state: Mapping[str, str]


ABOUT_EMBEDDING: Final = (
    Misconception(
        "`input_dim` is the number of words.",
        "It is the largest id + 1: id 10 in `Embedding(10, …)` raises.",
        catalogue.IDS,
        {"ids": "1 2 3 4 5 6 7 8 9 10"},
    ),
    Misconception(
        "A bad id always fails.",
        "−1 silently returns the last row, and 1.7 becomes row 1.",
        catalogue.IDS,
        {"ids": "-1 -2 1.7 1.999 -0.5"},
    ),
    Misconception(
        "`input_length` is needed.",
        "Keras only warns, and a wrong value gives the same output.",
        catalogue.LAYER,
        {"input_length": "true"},
    ),
    Misconception(
        "Embedding multiplies a one-hot vector with a matrix.",
        "It copies a row. The product gives the same numbers, nearly all of it times 0.",
        catalogue.GATHER,
        {"text": "3 7 7 0", "read_as": "ids", "vocab_size": "8", "step": "1"},
    ),
    Misconception(
        "It is word2vec, or an autoencoder: its rows start with meaning.",
        "Before training they are random: another seed, other rows. word2vec is one way to train such rows.",
        catalogue.GATHER,
        {"seed": "1"},
    ),
    Misconception(
        "Similar words end up near each other.",
        "Rows learn what the loss asks: for sentiment, nothing pulls cat and dog together.",
        catalogue.MEANING,
        {"word": "cat"},
    ),
    Misconception(
        "Pretrained rows keep their meaning.",
        "With `trainable=True` they move where the loss asks, away from their neighbours.",
        catalogue.PRETRAINED,
        {"text": "the king likes bread", "train": "true", "steps": "30", "learning_rate": "3.0"},
    ),
    Misconception(
        "Every row trains at every step.",
        "SGD moves only the rows in the batch; all others stay, bit for bit.",
        catalogue.LEARNING,
        {"optimizer": "SGD"},
    ),
    Misconception(
        "Rows that are not in the batch stay still.",
        "Adam moves them too, by momentum, though their gradient is 0.",
        catalogue.LEARNING,
        {"optimizer": "Adam", "step": "2"},
    ),
    Misconception(
        "`mask_zero` makes row 0 zero, or leaves its steps out.",
        "Row 0 holds numbers; padding after repeats the last state, padding before stays at zeros.",
        catalogue.PADDING,
        {"step": "2"},
    ),
    Misconception(
        "A mask flows everywhere.",
        "Embedding and Dense hand it on, and recurrent layers that return sequences; others use it up. "
        "Flatten loses it, and Keras warns.",
        catalogue.PADDING,
        {"mask_zero": "true"},
    ),
    Misconception(
        "The side of the padding does not matter.",
        "Without a mask the last state differs. `pad_sequences` pads before, `TextVectorization` "
        "after.",
        catalogue.PADDING,
        {"mask_zero": "false", "padding": "pre"},
    ),
)
ABOUT_RECURRENT: Final = (
    Misconception(
        "Units are timesteps.",
        "Both vary freely, and more timesteps never change the number of weights.",
        catalogue.COMPARE,
        {"timesteps": "100"},
    ),
    Misconception(
        "Each timestep has weights of its own.",
        "One kernel serves every timestep; only x and h change.",
        catalogue.CELL,
        {"timestep": "3"},
    ),
    Misconception(
        "`return_sequences=False` pools, or flattens.",
        "It returns `seq[:, -1]`, the last state.",
        catalogue.OUTPUTS,
        {"return_sequences": "false"},
    ),
    Misconception(
        "Recurrent layers stack freely.",
        "The layer below must return a sequence: expected ndim=3, found ndim=2.",
        catalogue.STACKS,
        {"return_sequences_1": "false", "cell_2": "GRU"},
    ),
    Misconception(
        "`return_state` gives every state.",
        "It gives the output, the last h and, of an LSTM, the last c.",
        catalogue.OUTPUTS,
        {"cell": "LSTM", "return_state": "true"},
    ),
    Misconception(
        "`TimeDistributed(Dense)` is not the same as `Dense` on a sequence.",
        "With the same weights both give the same.",
        catalogue.OUTPUTS,
        {"return_sequences": "true", "head": "TimeDistributed(Dense)"},
    ),
    Misconception(
        "Bidirectional's last output is the end of both directions.",
        "Of the backward half the end is `seq[:, 0]`.",
        catalogue.STACKS,
        {"view": "bidirectional", "return_sequences_1": "false"},
    ),
    Misconception(
        "A GRU has 3·(u·(u+f)+u) weights.",
        "`reset_after=True` has two biases: for 4 features and 3 units 81, not 72.",
        catalogue.CELL,
        {"cell": "GRU", "embedding_dim": "4", "units": "3"},
    ),
    Misconception(
        "The order of the gates is anyone's guess.",
        "An LSTM's columns are i, f, c, o, and the bias of f starts at 1.",
        catalogue.CELL,
        {"cell": "LSTM", "gate": "forget", "terms": "true"},
    ),
    Misconception(
        "`stateful` works as in old tutorials.",
        "It needs `Input(batch_shape=…)`, and is reset on the layer.",
        catalogue.STATE,
        {"text": "I am Groot and you are Rocket", "chunk_length": "3", "reset_before": "3"},
    ),
    Misconception(
        "An LSTM's output is its memory.",
        "The memory is c; h, its output, is o · tanh(c).",
        catalogue.CELL,
        {"cell": "LSTM", "gate": "output", "timestep": "3", "terms": "true"},
    ),
    Misconception(
        "Gates are abstract.",
        "Each is a sum of products and a bias, squeezed between 0 and 1.",
        catalogue.CELL,
        {"cell": "LSTM", "gate": "input", "terms": "true"},
    ),
    Misconception(
        "Gradients always vanish.",
        "Spectral radius and activation decide: linear with radius 1.5 explodes.",
        catalogue.GRADIENTS,
        {"spectral_radius": "1.5", "activation": "linear"},
    ),
)
MISCONCEPTIONS: Final = ABOUT_EMBEDDING + ABOUT_RECURRENT
