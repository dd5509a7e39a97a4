"""Pretrained vectors: loaded as the rows of the matrix, and trained on or not."""
