"""Which Application owns an object before and after a change, and what becomes of it meanwhile."""
