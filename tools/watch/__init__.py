"""Renders, checks and plans on each save, and shows the result: `make watch`.

Importing cdk8s starts Node.js and takes longer than everything else. So a standby process imports
cdk8s in advance, but nothing of the project: a save in apps/, constructs/ or ops/ takes effect. It
does one run and exits, and the next standby process replaces it.
"""
