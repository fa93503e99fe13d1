"""Whether the feedback loop names the right cause: seeded faults, and healthy set-ups that are to be left alone."""
