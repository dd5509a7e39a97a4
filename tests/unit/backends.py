"""What of the tests asks for a backend of Keras: others say so, which is a test of its own."""

import keras
import pytest

BACKEND = keras.backend.backend()
ON_TENSORFLOW = BACKEND == "tensorflow"


def only_on_tensorflow(reason):
    """Mark a test of what only TensorFlow has; the reason names the test of what others say."""
    return pytest.mark.skipif(not ON_TENSORFLOW, reason=f"Keras runs on {BACKEND}: {reason}")


def compiled(function, method=False, autograph=True):
    """A function as a graph; of a method the first argument is no tensor."""
    if ON_TENSORFLOW:
        import tensorflow

        return tensorflow.function(function, autograph=autograph)
    import jax

    return jax.jit(function, static_argnums=0 if method else ())


only_elsewhere = pytest.mark.skipif(ON_TENSORFLOW, reason="what other backends say")
