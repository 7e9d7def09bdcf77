"""How what a transaction saves is written in few statements."""
