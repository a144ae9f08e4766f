"""Numbers for everybody: monthly releases in which nobody can be found again (P13-P17)."""
