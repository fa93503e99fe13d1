"""How like the real ones synthetic rows are, and how well they obey: every target that the project sets itself."""
