"""Programs that are measured, each called as `python -O -m … COUNT FOLDER`."""
