"""One folder a lesson, the same file names in each; no lesson knows another."""
