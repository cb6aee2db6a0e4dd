"""Which matters are published where: sets of cities in place of fields of the guide that had to be counted."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


def fill_again(apps, schema_editor):
    """Back: the version before reads these fields of every guide."""
    import_module("guides.migrations.0002_list_outline").fill(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0013_snapshots'),
        ('offices', '0005_former_slugs'),
    ]

    operations = [
        migrations.CreateModel(
            name='CitySpread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counties', models.JSONField(default=dict, verbose_name='各县区的事项')),
            ],
            options={
                'verbose_name': '城市的事项分布',
                'verbose_name_plural': '城市的事项分布',
            },
        ),
        migrations.CreateModel(
            name='MatterSpread',
            fields=[
                ('matter', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='spread', serialize=False, to='guides.matter', verbose_name='事项')),
                ('facts', models.TextField(default='{}', verbose_name='各类城市')),
                ('papers', models.TextField(default='{}', verbose_name='各种材料的城市')),
            ],
            options={
                'verbose_name': '事项的城市分布',
                'verbose_name_plural': '事项的城市分布',
                'ordering': ['matter__position', 'matter__slug'],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, fill_again),
        migrations.RemoveIndex(
            model_name='guide',
            name='guides_in_outline',
        ),
        migrations.RemoveIndex(
            model_name='guide',
            name='guides_of_cities',
        ),
        migrations.RemoveField(
            model_name='guide',
            name='channel_kinds',
        ),
        migrations.RemoveField(
            model_name='guide',
            name='limit_kinds',
        ),
        migrations.RemoveField(
            model_name='guide',
            name='longest_days',
        ),
        migrations.AlterField(
            model_name='posting',
            name='token',
            field=models.CharField(max_length=140, verbose_name='词元'),
        ),
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(fields=['token', 'matter', 'weight'], name='postings_by_token'),
        ),
        migrations.AddField(
            model_name='cityspread',
            name='city',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='spread', to='offices.city', verbose_name='城市'),
        ),
    ]
