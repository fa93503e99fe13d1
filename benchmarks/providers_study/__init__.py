"""The study of providers: the rule files, their perturbations, the pool of rows, the measures, and the page."""
