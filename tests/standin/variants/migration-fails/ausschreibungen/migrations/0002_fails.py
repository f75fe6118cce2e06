# Refused by PostgreSQL, after a statement that it has to take back.

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ausschreibungen", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE ausschreibungen_ausschreibung ADD COLUMN halb integer"),
        migrations.RunSQL("ALTER TABLE ausschreibungen_fehlt ADD COLUMN ganz integer"),
    ]
