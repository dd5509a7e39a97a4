"""What comes out of a recurrent layer: which states are returned, and what a head makes of them."""
