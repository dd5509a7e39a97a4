"""Layers that `capture` shows from outside, since their own code may do anything."""

from keras import layers


class Doubled(layers.LSTM):
    """Its call is its own."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        return 2 * super().call(sequences, initial_state, mask, training)


class Shuffled(layers.GRU):
    """Its loop over timesteps is its own."""

    def inner_loop(self, sequences, *args, **kwargs):
        return super().inner_loop(sequences[:, ::-1], *args, **kwargs)
