"""Whether a table of valid rows can meet all targets: linear programming over rows, in exact fractions."""
