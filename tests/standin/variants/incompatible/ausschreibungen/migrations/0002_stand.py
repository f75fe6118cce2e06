# Renames a column under the feet of the code that still runs.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ausschreibungen", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="ausschreibung",
            name="status",
            field=models.CharField(
                choices=[
                    ("neu", "Neu"),
                    ("laeuft", "In Bearbeitung"),
                    ("abgegeben", "Abgegeben"),
                ],
                db_column="stand",
                default="neu",
                max_length=20,
                verbose_name="Status",
            ),
        ),
    ]
