"""Development tools: installs, pins, generators, the benchmark and `make watch`."""
