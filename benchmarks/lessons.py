"""The lesson pages that are measured, each with the slider that a measurement moves."""

from typing import Final

# Page, as in its address → key of the slider.
SLIDERS: Final = {"recurrent": "recurrent_units", "embedding": "embedding_embedding_dim"}
