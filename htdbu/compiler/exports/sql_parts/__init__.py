"""How SQL is written: the rules' integer form becomes sqlglot expressions, and those the text of a dialect."""
