"""Settings worth seeing: by label, what differs from the controls' defaults."""

from collections.abc import Mapping
from typing import Any, Final

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "sentiment": {},
    "names: I am Groot": {"task": "names"},
    "SimpleRNN against LSTM": {"task": "first word", "timesteps": 40, "against": "SimpleRNN"},
    "next character": {"task": "next character"},
    "a wave": {"task": "series"},
    "exploding gradient": {
        "task": "series",
        "cell": "SimpleRNN",
        "optimizer": "SGD",
        "learning_rate": 0.3,
        "clipping": 0.0,
        "epochs": 3.0,
    },
    "loss: no number": {
        "task": "series",
        "cell": "SimpleRNN",
        "optimizer": "SGD",
        "learning_rate": 0.3,
        "clipping": 0.0,
    },
    "… clipped": {
        "task": "series",
        "cell": "SimpleRNN",
        "optimizer": "SGD",
        "learning_rate": 0.3,
    },
    "a class is never answered": {"task": "names", "epochs": 1.0},
    "overfitting": {
        "task": "next character",
        "timesteps": 30,
        "units": 64,
        "learning_rate": 0.03,
        "epochs": 15.0,
    },
    "learning rate too small": {"learning_rate": 0.0001},
}
