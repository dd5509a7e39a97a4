"""State that stays: where a first state comes from, and what dropout leaves of it."""
