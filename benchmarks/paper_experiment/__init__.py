"""The experiment of the H-TDBU paper, its figures beside ours."""
