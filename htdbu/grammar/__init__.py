"""From text to a syntax tree with spans; knows of nothing else."""
