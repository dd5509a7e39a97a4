"""What a gradient step does to an embedding: which rows move, and why.

Everything is done by Keras and TensorFlow themselves, eagerly: `tf.GradientTape` gives the
gradient, a real Keras optimizer applies it, and the table is read before and after.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.extras import naming_extras
from seqviz.training.record import GradientStep, Moment, Training, collect, whole_number

# By the name that a page shows: the class in `keras.optimizers`, and what it is given.
OPTIMIZERS: Final[Mapping[str, tuple[str, Mapping[str, float]]]] = {
    "SGD": ("SGD", {}),
    "SGD, momentum=0.9": ("SGD", {"momentum": 0.9}),
    "Adam": ("Adam", {}),
    "AdamW": ("AdamW", {"weight_decay": 0.1}),
    "RMSprop": ("RMSprop", {}),
    "Adagrad": ("Adagrad", {}),
}


def make_optimizer(name: str, learning_rate: float, clipping: float | None = None) -> Any:
    """A Keras optimizer by its name in `OPTIMIZERS`.

    Args:
        name: One of these.
        learning_rate: Above 0.
        clipping: The longest that the gradient of all weights together may be; None for any.

    Raises:
        SeqvizError: There is none of that name, or the learning rate is not above zero.
    """
    import keras

    if name not in OPTIMIZERS:
        raise SeqvizError(
            f"The optimizer is {name!r}, but it must be one of "
            f"{', '.join(map(repr, OPTIMIZERS))}. Or build one: keras.optimizers.Adam()."
        )
    if not learning_rate > 0:
        raise SeqvizError(
            f"learning_rate is {learning_rate!r}, but it must be above 0. Write for example 0.1."
        )
    kind, arguments = OPTIMIZERS[name]
    optimizer = getattr(keras.optimizers, kind)(
        learning_rate=learning_rate, global_clipnorm=clipping, **arguments
    )
    # Keras adds up the gradients of all replicas; mostly there is one. TensorFlow keeps the graph
    # in which such a sum stands, for ever (its registry of custom gradients): 12,000 objects for
    # each model that was ever compiled, which every look for garbage walks through.
    strategy = getattr(optimizer, "_distribution_strategy", None)
    if strategy is not None and strategy.num_replicas_in_sync == 1:
        optimizer._all_reduce_sum_gradients = list
    return optimizer


@naming_extras()
def gradient_step(
    model: Any,
    inputs: Any,
    targets: Any,
    optimizer: Any,
    *,
    loss: str | Callable[..., Any] = "mean_squared_error",
    layer: str | None = None,
) -> GradientStep:
    """Do one gradient step, and say what it did to an embedding.

    The step is real: it changes the weights of `model` and the state of `optimizer`. Do it again
    for the next step; an optimizer belongs to one model. The loss is what Keras's own training
    takes: a timestep that the output's mask says to skip has no part in it, the losses of several
    outputs are summed, and what regularizers ask is added.

    Args:
        model: Any Keras model, or a single layer, with an `Embedding` anywhere in it.
        inputs: As the model takes them, for example ids ``(batch, timesteps)``.
        targets: What the model should return for them, as the loss takes them; for several
            outputs a list, or a dict by the same names.
        optimizer: Any Keras optimizer.
        loss: Name of a Keras loss, or a function of targets and predictions.
        layer: Name of the embedding to watch; it may be left out if there is only one.

    Raises:
        SeqvizError: The model has no embedding, several, or none of that name; its table cannot
            be watched; Keras has no such loss; the model or the loss refuses what it is given; or
            the loss does not depend on the table; or Keras does not run on TensorFlow.
    """
    tf = _tensorflow()

    from seqviz.tracing.arguments import model_inputs
    from seqviz.tracing.arrays import to_array

    _check_optimizer(optimizer)
    inputs = model_inputs(model, inputs)
    embedding = find_embedding(model, inputs, layer)
    table = embedding.embeddings
    before = to_array(table)
    with tf.GradientTape() as tape:
        tape.watch(table.value)  # a frozen table is not watched by itself
        total = _total_loss(model, inputs, targets, _loss(loss))
    variables = list(model.trainable_variables)
    trainable = any(v is table for v in variables)
    watched = [table.value, *(v.value for v in variables if v is not table)]
    found, *others = tape.gradient(total, watched)
    if found is None:
        raise SeqvizError(
            f"The loss does not depend on the table of {embedding.name!r}, so it has no gradient. "
            "Look for ids that never reach the output, or for a layer that rounds."
        )
    rest = iter(others)
    pairs = [(found if v is table else next(rest), v) for v in variables]
    pairs = [(gradient, variable) for gradient, variable in pairs if gradient is not None]
    if pairs:
        optimizer.apply_gradients(pairs)
    sparse = isinstance(found, tf.IndexedSlices)
    values = to_array(found.values if sparse else found)
    return GradientStep(
        loss=float(total),
        before=before,
        after=to_array(table),
        indices=to_array(found.indices) if sparse else np.arange(len(before)),
        values=values.reshape(-1, before.shape[1]),
        sparse=sparse,
        trainable=trainable,
    )


@naming_extras()
def train(
    model: Any,
    inputs: Any,
    targets: Any,
    optimizer: Any,
    *,
    epochs: int,
    every: int = 1,
    loss: str | Callable[..., Any] = "mean_squared_error",
    layer: str | None = None,
    on_epoch: Callable[[int, float], object] | None = None,
) -> Training:
    """Train with all samples at once in every epoch, and keep an embedding's table on the way.

    No shuffling and no dropout of our own: the same model, data and optimizer give the same.

    Args:
        model: Any Keras model, or a single layer, with an `Embedding` anywhere in it. Trained in
            place.
        inputs: As the model takes them, for example ids ``(batch, timesteps)``.
        targets: What the model should return for them, as the loss takes them.
        optimizer: Any Keras optimizer.
        epochs: How many.
        every: Keep the table after each so many epochs; the first and the last are always kept.
        loss: Name of a Keras loss, or a function of targets and predictions.
        layer: Name of the embedding to keep; it may be left out if there is only one.
        on_epoch: Called with the epochs done and the loss, at first with 0. If it returns False
            training stops there.

    Raises:
        SeqvizError: As for `gradient_step`; or `epochs` or `every` is no whole number above 0.
    """
    moments = []
    by_epoch = ByEpoch(model, inputs, targets, optimizer, loss=loss, layer=layer)
    for moment in by_epoch.train(epochs):
        moments.append(moment)
        if on_epoch is not None and on_epoch(moment.epoch, moment.loss) is False:
            break
    return collect(moments, epochs, every)


class ByEpoch:
    """Trains as `train` does, one epoch at a time: whoever asks for no more stops it.

    ``compiled``, TensorFlow writes the graph of a step once, and all epochs are that graph: of a
    small model 40 epochs take 0.1 s instead of 1.8, and Python is free for other threads meanwhile.
    Sums may be rounded otherwise: rows differ by up to 1e-6.

    Args:
        model: As for `train`, as are the others.
        inputs: As the model takes them.
        targets: What it should return.
        optimizer: Any Keras optimizer.
        loss: Name of a Keras loss, or a function.
        layer: Name of the embedding to keep.
        compiled: Whether to write a graph.

    Raises:
        SeqvizError: As for `train`.
    """

    def __init__(
        self,
        model: Any,
        inputs: Any,
        targets: Any,
        optimizer: Any,
        *,
        loss: str | Callable[..., Any] = "mean_squared_error",
        layer: str | None = None,
        compiled: bool = False,
    ) -> None:
        tf = _tensorflow()

        from seqviz.tracing.arguments import model_inputs

        _check_optimizer(optimizer)
        inputs = model_inputs(model, inputs)
        self._table = find_embedding(model, inputs, layer).embeddings
        self._model, self._optimizer = model, optimizer
        measure, trained = _loss(loss), list(model.trainable_variables)

        def differentiate() -> tuple[Any, list[Any]]:
            with tf.GradientTape() as tape:
                total = _total_loss(model, inputs, targets, measure)
            return total, tape.gradient(total, [v.value for v in trained])

        def step(gradients: list[Any]) -> None:
            # Whoever looks on may have frozen a layer after the gradients were taken.
            pairs = [
                (gradient, variable)
                for gradient, variable in zip(gradients, trained, strict=True)
                if gradient is not None and variable.trainable
            ]
            if pairs:
                optimizer.apply_gradients(pairs)

        if compiled:
            optimizer.build(trained)  # a graph may not make variables
            differentiate, step = tf.function(differentiate), tf.function(step)
        self._differentiate, self._step = differentiate, step

    @property
    def variables(self) -> list[Any]:
        """All that a training changes: weights, and what the optimizer keeps."""
        return [*self._model.variables, *self._optimizer.variables]

    def train(self, epochs: int) -> Iterator[Moment]:
        """Train, from the weights as they are.

        Yields:
            The table before the first epoch and after each: `epochs` + 1 moments.

        Raises:
            SeqvizError: `epochs` is no whole number above 0, or as for `train`.
        """
        from seqviz.tracing.arrays import to_array

        epochs = whole_number("epochs", epochs)
        for epoch in range(epochs + 1):
            total, gradients = self._differentiate()
            yield Moment(epoch, float(total), to_array(self._table))
            if epoch < epochs:
                self._step(gradients)


def _tensorflow() -> Any:
    """TensorFlow; SeqvizError if Keras does not run on it."""
    from seqviz.tracing.backend import need_tensorflow

    need_tensorflow("training")
    import tensorflow

    return tensorflow


def find_embedding(model: Any, inputs: Any, name: str | None = None) -> Any:
    """The `Embedding` in a model (or layer) that is built on `inputs` if it is not yet.

    Raises:
        SeqvizError: There is none, several, none of that name, or one whose table is not a single
            variable (LoRA, quantized).
    """
    import keras

    if not model.built:
        _called(model, inputs)
    found = [m for m in _layers(model) if isinstance(m, keras.layers.Embedding)]
    names = [m.name for m in found]
    chosen = [m for m in found if name in (None, m.name)]
    if len(chosen) != 1:
        what = "no Embedding" if not found else f"the Embeddings {names}"
        asked = "one is needed" if name is None else f"{name!r} was asked for"
        hint = "Give layer= with one of these names." if found else "Put keras.layers.Embedding in."
        raise SeqvizError(f"{getattr(model, 'name', 'The model')} has {what}, but {asked}. {hint}")
    (embedding,) = chosen
    if not isinstance(embedding.embeddings, keras.Variable):
        raise SeqvizError(
            f"The table of {embedding.name!r} is not a single variable (LoRA or quantized), but "
            "one is needed to watch it move. Train before enable_lora() or quantize()."
        )
    return embedding


def _layers(model: Any) -> list[Any]:
    """The model itself and all layers in it, each once."""
    found: dict[int, Any] = {}
    for layer in model._flatten_layers():
        found.setdefault(id(layer), layer)
    return list(found.values())


def _check_optimizer(optimizer: Any) -> None:
    import keras

    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise SeqvizError(
            f"The optimizer is {optimizer!r}, but a Keras optimizer is needed, which keeps what it "
            "has learned from step to step. Build one: keras.optimizers.Adam()."
        )


def _loss(loss: str | Callable[..., Any]) -> Any:
    """A `keras.losses.Loss`, which leaves out what a mask says to skip."""
    import keras

    try:
        found = keras.losses.get(loss)
    except (ValueError, TypeError) as error:
        raise SeqvizError(
            f"loss is {loss!r}, but Keras has no loss of that name. "
            "Write for example 'binary_crossentropy'."
        ) from error
    if found is None:
        raise SeqvizError("loss is None, but a step needs one. Write for example 'mse'.")
    if isinstance(found, keras.losses.Loss):
        return found
    function: Callable[..., Any] = found

    class OfFunction(keras.losses.Loss):
        def call(self, targets: Any, outputs: Any) -> Any:
            targets, outputs = _fitted(targets, outputs)
            outputs, targets = _fitted(outputs, targets)
            return function(targets, outputs)

    return OfFunction(name="loss")


def _fitted(lower: Any, higher: Any) -> tuple[Any, Any]:
    """Both of one rank, if only a last axis of 1 makes the difference, as Keras's losses do it."""
    import keras

    if len(higher.shape) != len(lower.shape) + 1 or higher.shape[-1] != 1:
        return lower, higher
    if len(lower.shape) == 1:
        return keras.ops.expand_dims(lower, -1), higher
    return lower, keras.ops.squeeze(higher, -1)


def _called(model: Any, inputs: Any, **arguments: Any) -> Any:
    """What the model returns; SeqvizError if it refuses its inputs."""
    from seqviz.tracing.refusals import bad_ids_in, explain, is_keras_refusal

    try:
        return model(inputs, **arguments)
    except Exception as error:
        if not is_keras_refusal(error) or isinstance(error, SeqvizError):
            raise
        # What TensorFlow says of a row that a table does not have.
        bad_ids = bad_ids_in(model, inputs) if "is not in [0" in str(error) else None
        raise bad_ids or SeqvizError(explain(model, inputs, error)) from error


def _total_loss(model: Any, inputs: Any, targets: Any, loss: Any) -> Any:
    """Mean over the batch, summed over outputs, and what regularizers add, as Keras trains."""
    import tensorflow as tf

    from seqviz.tracing.refusals import gist, is_keras_refusal

    outputs = _called(model, inputs, training=True)
    pairs = _paired(model, targets, outputs)
    try:
        losses = [loss(target, output) for target, output in pairs]
    except Exception as error:
        if not is_keras_refusal(error):
            raise
        shapes = [(tuple(target.shape), tuple(output.shape)) for target, output in pairs]
        raise SeqvizError(
            f"The loss cannot be taken of targets and outputs of the shapes {shapes}. "
            f"Keras says: {gist(error)} Give targets of the shape that the model returns."
        ) from error
    # A loss without a reduction is one for each sample; what add_loss was given is summed.
    return tf.add_n([*map(tf.reduce_mean, losses), *map(tf.reduce_sum, model.losses)])


def _paired(model: Any, targets: Any, outputs: Any) -> list[tuple[Any, Any]]:
    """Each output with its targets, both as tensors."""
    import keras

    from seqviz.tracing.refusals import gist, is_keras_refusal

    if not keras.tree.is_nested(outputs):
        several, chosen = [outputs], [targets]
    else:
        named = isinstance(outputs, Mapping)
        names = list(outputs) if named else list(getattr(model, "output_names", ()))
        several = list(outputs.values()) if named else list(outputs)
        if isinstance(targets, Mapping):
            fits = set(targets) == set(names)
            chosen = [targets[name] for name in names] if fits else []
        else:
            chosen = list(targets) if isinstance(targets, list | tuple) else [targets]
        if len(chosen) != len(several) or any(map(keras.tree.is_nested, several)):
            given = f"named {list(targets)}" if isinstance(targets, Mapping) else len(chosen)
            raise SeqvizError(
                f"The model returns {len(several)} outputs ({names or 'without names'}), but the "
                f"targets given are {given}. Give one array of targets for each, in a list or in a "
                "dict by these names."
            )
    try:
        chosen = [keras.ops.convert_to_tensor(target) for target in chosen]
    except Exception as error:
        if not is_keras_refusal(error):
            raise
        raise SeqvizError(
            f"The targets cannot become a tensor: {gist(error)} "
            "Give an array of the shape that the model returns."
        ) from error
    return list(zip(chosen, several, strict=True))
