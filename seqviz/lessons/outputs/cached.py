"""What the lesson keeps from one rerun to the next."""

from typing import Any

from seqviz.config import ModelConfig
from seqviz.ui.server.cache import remembered
from seqviz.ui.server.cached_models import ModelRun, recurrent_of


@remembered(1)
def compare_settings(
    plain: ModelConfig, ids: tuple[int, ...], _config: ModelConfig, _run: ModelRun
) -> Any:
    """What the layer of a run returns under all settings.

    Args:
        plain: The config without what does not change the answers, by which they are remembered.
        ids: ``(timesteps,)``.
        _config: That of the run.
        _run: Of these ids.
    """
    from seqviz.lessons.outputs import with_keras

    layer = recurrent_of(_config, _run.recurrent.name)
    return with_keras.compare_settings(layer, _run.recurrent.inputs)


@remembered(1)
def compare_heads(config: ModelConfig, _sequence: Any, ids: tuple[int, ...]) -> float:
    """How far Dense and TimeDistributed(Dense) are apart; `_sequence` is that of `ids`."""
    from seqviz.lessons.outputs import with_keras

    return with_keras.compare_heads(config, _sequence)


@remembered(100)
def refusal(config: ModelConfig, what: str) -> str:
    """Keras's own words against ``"sequential"`` or ``"time_distributed"``."""
    from seqviz.lessons.outputs import with_keras

    if what == "sequential":
        return with_keras.sequential_refusal(config)
    return with_keras.time_distributed_refusal(config)
