"""Tests of seqviz.tasks."""
