"""What the list filtered, counted and ordered by, kept on the guide; 0014 keeps it by matter instead.

On the way forward nothing is filled in: 0014 takes the fields away again, and filling them kept readers waiting for more than
a second at 11,560 guides. Whoever goes back to a version that reads them passes 0014, which fills them.
"""

from django.db import migrations, models


def listed(kinds, limits):
    """The fields of a guide with these kinds of channels and these limits (kind, days)."""
    days = [0 if kind == 'instant' else days if kind == 'workdays' and days else 9999 for kind, days in limits]
    return {
        'channel_kinds': as_words(kinds),
        'limit_kinds': as_words(kind for kind, _ in limits),
        'longest_days': max(days, default=9999),
    }


def as_words(kinds):
    found = sorted(set(kinds))
    return ''.join(f' {kind}' for kind in found) + (' ' if found else '')


def fill(apps, schema_editor):
    """Derive the new fields of the guides that are there, those of equal channels and limits together."""
    guides = apps.get_model('guides', 'Guide').objects
    found = {pk: ([], []) for pk in guides.order_by().values_list('pk', flat=True)}
    for pk, kind in apps.get_model('guides', 'Channel').objects.order_by().values_list('guide', 'kind'):
        found[pk][0].append(kind)
    for pk, kind, days in apps.get_model('guides', 'TimeLimit').objects.order_by().values_list('guide', 'kind', 'days'):
        found[pk][1].append((kind, days))
    alike = {}
    for pk, (kinds, limits) in found.items():
        alike.setdefault(tuple(listed(kinds, limits).items()), []).append(pk)
    for fields, pks in alike.items():
        for start in range(0, len(pks), 500):
            guides.filter(pk__in=pks[start : start + 500]).update(**dict(fields))


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0001_initial'),
        ('offices', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='guide',
            name='channel_kinds',
            field=models.CharField(default='', editable=False, max_length=200, serialize=False, verbose_name='渠道类别'),
        ),
        migrations.AddField(
            model_name='guide',
            name='limit_kinds',
            field=models.CharField(default='', editable=False, max_length=60, serialize=False, verbose_name='时限类别'),
        ),
        migrations.AddField(
            model_name='guide',
            name='longest_days',
            field=models.PositiveSmallIntegerField(default=9999, editable=False, serialize=False, verbose_name='最长工作日数'),
        ),
        migrations.AddIndex(
            model_name='guide',
            index=models.Index(fields=['status', 'name', 'matter', 'channel_kinds', 'limit_kinds', 'longest_days'], name='guides_in_outline'),
        ),
        migrations.AddIndex(
            model_name='guide',
            index=models.Index(fields=['status', 'city', 'matter', 'channel_kinds', 'limit_kinds'], name='guides_of_cities'),
        ),
    ]
