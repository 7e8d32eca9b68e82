"""Who someone is, and what is open to whom: decided here and nowhere else."""
