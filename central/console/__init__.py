"""The pages that people at central look at."""
