"""What annotations call arrays."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = np.ndarray
Floats: TypeAlias = NDArray[np.floating]
