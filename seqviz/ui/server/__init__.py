"""A class on one process: what is kept from one rerun to the next, and whose turn it is."""
