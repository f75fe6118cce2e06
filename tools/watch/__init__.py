"""Renders, checks and plans on each save, and shows the result: `make watch`.

Importing cdk8s starts Node.js and takes longer than all the rest. So a process waits that has
imported it already, and nothing of the project: what is saved takes effect, in apps/ as in
constructs/ and ops/. It does one run and ends, and the next one takes its place.
"""
