"""Groups in /cms/, for administrators: never anything that members wrote (P4)."""
