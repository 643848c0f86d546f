"""Ways to tell a solution."""
