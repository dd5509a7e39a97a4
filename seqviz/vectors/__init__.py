"""Word vectors trained elsewhere: read, looked up, projected, put into an Embedding."""
