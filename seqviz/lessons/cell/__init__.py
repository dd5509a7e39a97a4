"""Inside the cell: every number of a state, as a sum written out."""
