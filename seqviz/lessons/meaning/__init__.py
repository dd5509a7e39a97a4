"""What rows come to mean: what the loss asks for."""
