"""Legal ids: what an Embedding does with each id, and hashing words into bins."""
