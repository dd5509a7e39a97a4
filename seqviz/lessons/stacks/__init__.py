"""Stacks and both directions: what reads a sequence, and what must return one."""
