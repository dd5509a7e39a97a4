"""What is an Embedding: each id copies one row of a matrix."""
