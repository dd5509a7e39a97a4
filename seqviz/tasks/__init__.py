"""Small tasks to train recurrent models on, each with a part that is held out.

``seqviz.tasks.make("sentiment")`` makes one of `NAMES`, `from_csv` one of your own sentences.
"""

from seqviz.tasks.csv_file import csv_columns, from_csv
from seqviz.tasks.make import NAMES, make
from seqviz.tasks.task import Probe, Samples, Task

__all__ = ["NAMES", "Probe", "Samples", "Task", "csv_columns", "from_csv", "make"]
