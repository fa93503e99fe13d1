"""CP-SAT: the normal form as a model, one template a component, and exact lexicographic solving."""
