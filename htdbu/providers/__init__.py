"""Who writes the rules: a language model that is asked once, or the data themselves."""
