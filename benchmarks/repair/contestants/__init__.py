"""Those that are timed, each a program of its own: it reads a request, and writes its rows and its figures."""
