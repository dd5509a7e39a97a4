"""The teacher's wall: how to join, who is here, what the class answers; reveal, next."""

from seqviz.app.catalogue import WALL
from seqviz.app.frame import open_page
from seqviz.app.wall import show_wall

open_page(WALL, needs_keras=False)
show_wall()
