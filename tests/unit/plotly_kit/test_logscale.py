"""An axis of sizes that may be zero or infinite."""

import numpy as np

from seqviz.plotly_kit.logscale import log_scale
from seqviz.plotly_kit.palette import LIGHT


def test_log_scale_holds_all_values_and_has_room_for_zero():
    scale = log_scale(np.array([0, 3e-7, 20, np.inf]), None)
    assert (scale.low, scale.high) == (-7, 2)
    np.testing.assert_allclose(
        scale.heights(np.array([0, 1e-3, 10, np.inf, np.nan])), [-7, -3, 1, 2, 2]
    )
    axis = scale.axis((0, 1), LIGHT)
    assert axis["tickvals"] == [-6, -4, -2, 0, 2]
    assert axis["ticktext"] == ["10⁻⁶", "10⁻⁴", "10⁻²", "1", "10²"]
    # Few powers are said in words, all of them.
    few = log_scale(np.array([0.002, 5.0])).axis((0, 1), LIGHT)
    assert few["ticktext"] == ["1/1,000", "1/100", "1/10", "1", "10"]
    assert log_scale(np.zeros(3)) == (-2, 0)
    assert log_scale(np.array([5.0])) == (-1, 1)
