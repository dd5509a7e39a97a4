"""What flows back: the gradient at every timestep."""
