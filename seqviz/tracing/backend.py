"""What differs between the backends that Keras runs on: TensorFlow, JAX, PyTorch, NumPy."""

from typing import Any

import keras

from seqviz.errors import SeqvizError

BACKEND = keras.backend.backend()
# Whether Keras's loop is one that JAX traces, in which a cell is called once, without values.
TRACES_LOOP = BACKEND == "jax"
# Whether, where a mask skips a step, that loop repeats h, which before the first step is the
# initial state. The others repeat the last output, which is zero then, as all do if unrolled.
REPEATS_STATE = BACKEND in ("jax", "numpy")

if BACKEND == "jax":
    import jax


LOOKS_UP_ANY_ID = BACKEND == "jax"  # of an id outside a table a row of NaN, without an error
# What makes a graph of a function, and what there is to do about it.
COMPILED_BY = {"tensorflow": "tf.function", "jax": "jax.jit"}.get(BACKEND, "a compiler")
UNCOMPILED = "remove the decorator" + {
    "tensorflow": ", or call tf.config.run_functions_eagerly(True) before",
    "jax": ", or call it within jax.disable_jit()",
}.get(BACKEND, "")
ON_TENSORFLOW = "set the environment variable KERAS_BACKEND=tensorflow before Keras is imported."


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


def dtype_of_tensors(dtype: str) -> str:
    """What tensors of a dtype really are: JAX halves those of 64 bits, unless told otherwise."""
    return str(jax.dtypes.canonicalize_dtype(dtype)) if BACKEND == "jax" else dtype


def need_tensorflow(what: str) -> None:
    """Raise SeqvizError, which says what needs it, if Keras does not run on TensorFlow."""
    if BACKEND != "tensorflow":
        raise SeqvizError(
            f"Keras runs on {BACKEND}, but {what} needs TensorFlow's tape. Hint: {ON_TENSORFLOW}"
        )
