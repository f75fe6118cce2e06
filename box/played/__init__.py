"""What railiance01 has and control-plane mode has not: played by writing what it would write."""
