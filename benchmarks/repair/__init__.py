"""What `benchmarks/repair_speed.py` is made of: rule sets, tables, contestants, the judge, and the page."""
