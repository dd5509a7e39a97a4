"""What is read out of a trace before anything is drawn: one record, its rows, a table, words."""
