"""From a rule file to a `Program`: names, types, null logic, the IR and its integer normal form, and every finding."""
