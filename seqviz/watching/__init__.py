"""A training, watched from outside: what a model's layers do on the way, and its picture."""
