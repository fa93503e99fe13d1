"""x."""
def page(results): return ""
