"""The machine on which ops runs: programs, files, git, threads, terminal."""
