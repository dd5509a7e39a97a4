"""Inside the Embedding layer: what build makes, call reads, and arguments add."""
