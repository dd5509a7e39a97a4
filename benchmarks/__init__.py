"""What the README claims about speed, memory and scale, each a command: `python -m benchmarks`."""
