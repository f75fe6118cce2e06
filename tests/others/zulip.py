"""Zulip: a chat for teams.

Looked at: 12.1, Dockerfile, entrypoint.sh, compose.yaml and docs of docker-zulip.
Image: zulip/zulip-server; it starts as root alone.
Missing: all of it; Zulip cannot be declared. Its entry point writes /etc/zulip with Puppet and
starts nginx, Django, Tornado and some 20 workers by supervisord, all as root in one container, and
its documentation says that it does not run without root. It needs RabbitMQ and memcached, and
dictionary files of its own in the file system of PostgreSQL, which a shared cluster does not have.
"""
