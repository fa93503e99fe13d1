"""One file per finding: its code, its documentation and its check."""
