"""Pictures: arrays in, `plotly.graph_objects.Figure` out. Nothing here knows Keras or Streamlit.

The names, and where each is defined, are in ``__init__.pyi``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
