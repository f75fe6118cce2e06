"""What gunicorn cannot serve: the schema migrates, the app does not start."""

raise RuntimeError("this version does not start")
