"""How a row's JSON Schema is made: a schema a column, and the rules that are about single columns."""
