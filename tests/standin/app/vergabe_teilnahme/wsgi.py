"""What gunicorn serves."""

from django.core.wsgi import get_wsgi_application
from django.db import connection

application = get_wsgi_application()

# Not at the first request, which may come while no connection can be made; gunicorn loads this in
# each worker, and after it has forked.
if connection.pool:
    connection.pool.open()
