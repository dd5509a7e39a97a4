"""The lesson's Keras script."""

import math

from seqviz.lessons.ids.compute import IdTrace


def id_code(trace: IdTrace) -> str:
    """A Keras script that looks the ids of `trace` up again, leaving ``rows``.

    ``rows`` is a list with the row that each id landed on, None where the layer raised.
    """
    ids = ", ".join(
        f'float("{value}")' if not math.isfinite(value) else repr(value) for value in trace.values
    )
    return f"""\
import keras
import numpy as np

# Row r holds the number r, so what comes out says which row it is.
layer = keras.layers.Embedding(input_dim={trace.vocab_size}, output_dim=1)
layer.build()
layer.set_weights([np.arange({trace.vocab_size}.0)[:, None]])

rows = []
for id_ in [{ids}]:
    try:
        rows.append(int(layer(np.array([[id_]]))[0, 0, 0]))
    except Exception as error:
        rows.append(None)
        print(id_, "raises:", error)
    else:
        print(id_, "gives row", rows[-1])
"""
