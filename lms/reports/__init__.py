"""Numbers for the administration: who took part, how far they came, and how the groups do (R100-R107)."""
