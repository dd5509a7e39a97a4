"""A class on this server: its rooms, as pages see them."""
