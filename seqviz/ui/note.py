"""Small print."""
