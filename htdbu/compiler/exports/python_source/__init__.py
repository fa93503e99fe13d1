"""Programs as plain Python source: rules as functions of one row, over a few helpers that the source carries along."""
