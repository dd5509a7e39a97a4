"""Real Keras models from a description, and their source."""
