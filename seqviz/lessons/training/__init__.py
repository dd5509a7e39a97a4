"""Train and watch: what learning does to rows, states and predictions."""
