"""The lengths of rows, by hand and by NumPy's definition."""

import keras
import numpy as np

import seqviz


def test_a_row_of_3_and_4_is_5_long():
    layer = keras.layers.Embedding(2, 2)
    layer.build()
    layer.set_weights([np.array([[0, 0], [3, 4]], np.float32)])
    data = seqviz.compute_row_lengths(seqviz.capture(layer, [[1, 0]]))
    assert data.lengths.tolist() == [5, 0]
