"""The commands, one a module; each holds a click command named `command` that returns its exit code."""
