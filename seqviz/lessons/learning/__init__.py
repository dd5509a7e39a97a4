"""Who learns: which rows a gradient step moves."""
