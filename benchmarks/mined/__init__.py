"""What the provider that mines rules finds, and how much of it is true."""
