"""A model that reads a bag of words: Embedding, mean, Dense."""

from typing import Any

from seqviz.config import ModelConfig


def build_reader(
    vocab_size: int,
    embedding_dim: int,
    *,
    classes: int = 1,
    seed: int = 0,
    spread: float | None = None,
    trainable: bool = True,
) -> Any:
    """A model that reads ids in no order: `Embedding`, mean over the timesteps, `Dense`.

    The same arguments give bitwise the same weights.

    Args:
        vocab_size: Rows of the table.
        embedding_dim: Length of a row.
        classes: Width of the softmax at the end; 1 for a sigmoid.
        seed: Of all weights. The table is that of `build_model` for the same seed.
        spread: Rows start between minus and plus this; as Keras has it (0.05) if None.
        trainable: Of the table.
    """
    import keras

    from seqviz.models.build import build_embedding

    embedding = build_embedding(
        ModelConfig(vocab_size=vocab_size, embedding_dim=embedding_dim, seed=seed)
    )
    if spread is not None:
        embedding.embeddings_initializer = keras.initializers.RandomUniform(
            -spread, spread, seed=embedding.embeddings_initializer.seed
        )
        embedding.embeddings.assign(embedding.embeddings_initializer((vocab_size, embedding_dim)))
    embedding.trainable = trainable
    head = keras.layers.Dense(
        classes,
        activation="sigmoid" if classes == 1 else "softmax",
        kernel_initializer=keras.initializers.GlorotUniform(seed=seed + 1),
        name="dense",
    )
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32", name="ids"),
            embedding,
            keras.layers.GlobalAveragePooling1D(name="mean"),
            head,
        ],
        name="reader",
    )
