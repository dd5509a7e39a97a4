"""What the words of the lessons mean: one definition each, and the lesson that shows it."""

from typing import Final, NamedTuple


class Term(NamedTuple):
    """One of them.

    Attributes:
        name: As the glossary lists it.
        definition: In plain text, one or two short sentences.
        lesson: Key of the lesson that shows it.
        forms: How texts write it, as regular expressions with ``|`` between them and without groups;
            the name if empty. Those in backquotes are whole code spans.
    """

    name: str
    definition: str
    lesson: str
    forms: str = ""


GLOSSARY: Final = (
    Term(
        "token",
        "A piece of the text that has an id of its own: here a word, or a character.",
        "embedding",
        "tokens?",
    ),
    Term("id", "The number that stands for a word: its row in the matrix.", "embedding", "ids?"),
    Term("vector", "Numbers in a row, such as one row of a matrix.", "embedding", "vectors?"),
    Term(
        "trainable",
        "Changed by training: its numbers are weights that an optimizer moves.",
        "learning",
    ),
    Term(
        "vocabulary",
        "All words that have an id. Id 0 is kept for padding, id 1 for any unknown word.",
        "ids",
    ),
    Term(
        "input_dim",
        "How many rows the matrix of an Embedding has: one more than its largest legal id.",
        "ids",
        "input_dim|`input_dim`",
    ),
    Term(
        "raise",
        "To stop with an error message, where nothing comes out.",
        "ids",
        "raises?|raised",
    ),
    Term(
        "hashing",
        "Making an id of a word by a formula, without a vocabulary. Two words can get the same id.",
        "ids",
        "hashing|hashed|hashes|hash",
    ),
    Term("one-hot", "A vector of zeros with a single 1, at the place of the id.", "gather"),
    Term(
        "Dense",
        "A layer that multiplies what it is given with one matrix, its kernel, and may add a bias.",
        "gather",
        "(?-i:Dense)|`Dense`|`Dense\\(\\d+\\)`",
    ),
    Term(
        "gather",
        "To copy rows of a matrix, chosen by ids. Nothing is multiplied.",
        "gather",
        "gathers?|gathered",
    ),
    Term(
        "weights",
        "The numbers of a layer that training changes. Most start random, a bias at 0.",
        "layer",
        "weights?",
    ),
    Term(
        "initializer",
        "The rule by which a layer's weights are filled before any training.",
        "layer",
        "initializers?",
    ),
    Term(
        "norm",
        "The length of a vector: the square root of the sum of its squared numbers.",
        "layer",
        "norms?",
    ),
    Term(
        "loss",
        "One number that says how wrong an output is. Training makes it smaller.",
        "meaning",
        "loss|losses",
    ),
    Term(
        "gradient",
        "For each number, how much the loss would grow if that number grew a little.",
        "gradients",
        "gradients?",
    ),
    Term(
        "optimizer",
        "The rule that makes changes of weights out of gradients, such as SGD or Adam.",
        "learning",
        "optimizers?",
    ),
    Term(
        "momentum",
        "What an optimizer keeps of earlier gradients. It moves weights whose gradient is 0 now.",
        "learning",
    ),
    Term(
        "tf.IndexedSlices",
        "A gradient as TensorFlow keeps it for a table: only the rows that were looked up.",
        "learning",
        "`tf\\.IndexedSlices`",
    ),
    Term("epoch", "One pass of training over all of its examples.", "meaning", "epochs?"),
    Term("held out", "Samples that a model never learns from: they only test it.", "training"),
    Term("accuracy", "The share of answers that are right.", "training"),
    Term(
        "cosine",
        "How alike the directions of two vectors are: 1 the same, 0 at a right angle, −1 opposite.",
        "meaning",
        "cosines?",
    ),
    Term(
        "principal component",
        "A direction along which points differ most. A map of vectors shows the first two.",
        "meaning",
        "principal components?",
    ),
    Term(
        "word2vec",
        "A way to train vectors of words: words found beside the same words get similar ones.",
        "meaning",
    ),
    Term(
        "pretrained",
        "Trained before, on other texts, often by others.",
        "pretrained",
    ),
    Term(
        "SimpleRNN",
        "The plainest recurrent layer: its state is an activation of one sum, without gates.",
        "recurrent",
        "SimpleRNN|`SimpleRNN`",
    ),
    Term(
        "recurrent",
        "Used once per timestep, and given what it made at the timestep before.",
        "recurrent",
    ),
    Term(
        "timestep",
        "One place of a sequence, such as one word. A recurrent layer reads one after another.",
        "recurrent",
        "timesteps?",
    ),
    Term(
        "hidden state",
        "The vector h that a recurrent layer hands from one timestep to the next.",
        "recurrent",
        "hidden states?|states?",
    ),
    Term(
        "units",
        "How many numbers a hidden state has. It has nothing to do with the number of timesteps.",
        "recurrent",
        "units?",
    ),
    Term(
        "feature",
        "One of the numbers of a vector that a layer reads.",
        "recurrent",
        "features?",
    ),
    Term(
        "batch",
        "Sentences that are computed together. It is the first number of a shape.",
        "padding",
        "batch|batches",
    ),
    Term("h_T", "The hidden state after the last timestep.", "outputs"),
    Term(
        "return_sequences",
        "True: a recurrent layer returns its state of every timestep. False: only the last one.",
        "outputs",
        "return_sequences|`return_sequences`|`return_sequences=True`|`return_sequences=False`",
    ),
    Term(
        "return_state",
        "True: a recurrent layer returns its last state (an LSTM two) beside its output.",
        "outputs",
        "return_state|`return_state`|`return_state=True`",
    ),
    Term(
        "TimeDistributed",
        "A wrapper that calls the layer inside it at every timestep, with the same weights.",
        "outputs",
        "TimeDistributed|TimeDistributed\\(Dense\\)|`TimeDistributed`|`TimeDistributed\\(Dense\\(\\d+\\)\\)`",
    ),
    Term(
        "softmax",
        "A function that makes positive numbers with the sum 1 out of scores.",
        "outputs",
    ),
    Term("logits", "The scores of the classes before softmax.", "outputs", "logits?"),
    Term(
        "Bidirectional",
        "Two copies of a recurrent layer: one reads from the start, the other from the end.",
        "stacks",
        "Bidirectional|`Bidirectional`",
    ),
    Term(
        "LSTM",
        "A recurrent layer with two states, h and c, and three gates.",
        "cell",
        "LSTMs?|`LSTM`",
    ),
    Term(
        "GRU",
        "A recurrent layer with one state and two gates: one mixes the new state with the old.",
        "cell",
        "GRUs?|`GRU`",
    ),
    Term(
        "sequence",
        "Vectors in an order, one per timestep.",
        "stacks",
        "sequences?",
    ),
    Term(
        "gate",
        "Numbers, mostly between 0 and 1, that say how much of a state is kept, written or shown.",
        "cell",
        "gates?|gated|input gate|forget gate|output gate|update gate|reset gate",
    ),
    Term(
        "cell state",
        "The memory c of an LSTM. Gates say what is kept of it and what is written.",
        "cell",
        "cell states?",
    ),
    Term(
        "candidate",
        "What could be written into the state. A gate says how much of it is.",
        "cell",
        "candidates?",
    ),
    Term(
        "kernel",
        "The weights that what a layer reads is multiplied by, the same at every timestep.",
        "cell",
        "kernels?",
    ),
    Term(
        "recurrent kernel",
        "The weights that the last hidden state is multiplied by, the same at every timestep.",
        "cell",
        "recurrent kernels?",
    ),
    Term("bias", "A number that is added to a sum whatever is read.", "cell", "bias|biases"),
    Term("tanh", "A function that squeezes any number between −1 and 1.", "cell"),
    Term("sigmoid", "A function that squeezes any number between 0 and 1.", "cell"),
    Term(
        "activation",
        "The function that a layer puts its sums through, such as tanh.",
        "cell",
        "activations?",
    ),
    Term(
        "mask",
        "One True or False per timestep: False where it is padding.",
        "padding",
        "masks?|masked",
    ),
    Term(
        "padding",
        "Ids 0 that make the sentences of a batch equally long.",
        "padding",
        "padding|padded",
    ),
    Term(
        "orthogonal",
        "Of a matrix: it turns vectors without changing their length.",
        "compare",
    ),
    Term(
        "spectral radius",
        "How much a matrix stretches what it is multiplied with again and again: below 1 it shrinks.",
        "gradients",
        "spectral radius|spectral radii",
    ),
    Term(
        "vanish",
        "Of a gradient: to become so small on its way back that early words are not learned from.",
        "gradients",
        "vanish|vanishes|vanishing|vanished",
    ),
    Term(
        "explode",
        "Of a gradient: to become so large on its way back that a step of training ruins the weights.",
        "gradients",
        "explode|explodes|exploding|exploded",
    ),
    Term(
        "dropout",
        "Setting a share of the numbers to 0 at random, while a layer is trained.",
        "state",
    ),
)
