"""A whole lesson as one file: to open without a network, to print."""
