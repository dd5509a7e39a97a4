"""What `seqviz.capture` returns: one record a layer call, all NumPy.

Shapes use Keras's words: `batch`, `timesteps`, `features`, `units`. The package needs NumPy only,
so a trace can be stored, sent and drawn where Keras is not installed.
"""

from seqviz.trace.records import (
    AnyTrace as AnyTrace,
    Arrays as Arrays,
    EmbeddingTrace as EmbeddingTrace,
    LayerTrace as LayerTrace,
    RecurrentTrace as RecurrentTrace,
)
from seqviz.trace.whole import Trace as Trace
