"""A process that votes until it is killed, and prints each vote once it was confirmed."""

import sys

from seqviz.classroom.database import connect
from seqviz.classroom.rooms import Rooms

if __name__ == "__main__":
    url, code, name = sys.argv[1:]
    rooms = Rooms(connect(url))
    number = 0
    while True:
        rooms.vote(code, "0.units", f"{name} {number}", "ab"[number % 2])
        print(number, flush=True)
        number += 1
