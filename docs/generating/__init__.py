"""What the documentation takes from the code: tables, pages of findings, included files."""
