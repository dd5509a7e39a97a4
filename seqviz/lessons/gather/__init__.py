"""Gather or multiply: a lookup gives what one-hot times the matrix gives."""
