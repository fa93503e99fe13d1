"""A compiled exact search: rules are data for one machine program, so that every rule file is served by one compile."""
