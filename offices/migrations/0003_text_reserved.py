from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0002_workdays'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='county',
            name='county_slug_not_reserved',
        ),
        migrations.AddConstraint(
            model_name='county',
            constraint=models.CheckConstraint(condition=models.Q(('slug__in', ('print', 'source', 'notice', 'deadline', 'text')), _negated=True), name='county_slug_not_reserved'),
        ),
    ]
