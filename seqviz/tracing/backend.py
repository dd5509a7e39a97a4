"""What differs between the backends that Keras runs on: TensorFlow, JAX, PyTorch, NumPy."""

from typing import Any

import keras

from seqviz.errors import SeqvizError

BACKEND = keras.backend.backend()
if BACKEND == "jax":
    import jax


def has_value(value: Any) -> bool:
    """Whether a value is no symbolic tensor, neither of Keras nor of a graph that is traced."""
    if not hasattr(value, "shape"):
        return True
    if isinstance(value, keras.KerasTensor):
        return False
    if BACKEND == "jax":
        return not isinstance(value, jax.core.Tracer)
    if BACKEND == "tensorflow":
        # `is_tensor` takes its time, so it is asked last.
        return hasattr(value, "numpy") or not keras.ops.is_tensor(value)
    return not getattr(value, "is_meta", False)  # PyTorch's tensors of a shape alone


def need_tensorflow(what: str) -> None:
    """Raise SeqvizError, which says what needs it, if Keras does not run on TensorFlow."""
    if BACKEND != "tensorflow":
        raise SeqvizError(
            f"Keras runs on {BACKEND}, but {what} needs TensorFlow's tape. "
            "Set the environment variable KERAS_BACKEND=tensorflow before Keras is imported."
        )
