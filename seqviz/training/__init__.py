"""Training, observed step by step."""
