# The database fills the column in, so code that does not know it goes on writing.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ausschreibungen", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="ausschreibung",
            name="notiz",
            field=models.TextField(blank=True, db_default="", verbose_name="Notiz"),
        ),
    ]
