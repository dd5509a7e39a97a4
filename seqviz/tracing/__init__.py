"""Capture and verify, on any Keras 3 model: every layer call of one pass, as arrays."""
