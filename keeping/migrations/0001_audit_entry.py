import keeping.vocabulary
from django.db import migrations, models

from keeping import guard


def put_on(apps, schema_editor):
    guard.put_on(schema_editor.connection)


def take_off(apps, schema_editor):
    guard.take_off(schema_editor.connection)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='号码')),
                ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                ('actor_id', models.CharField(blank=True, db_index=True, max_length=40, verbose_name='账号编号')),
                ('actor_name', models.CharField(max_length=150, verbose_name='谁')),
                ('action', models.CharField(choices=keeping.vocabulary.actions, db_index=True, max_length=20, verbose_name='做了什么')),
                ('object', models.CharField(blank=True, max_length=200, verbose_name='对象')),
                ('place', models.CharField(blank=True, help_text='城市的网址名；空白是全站的事。', max_length=50, verbose_name='城市')),
                ('detail', models.TextField(help_text='JSON。', verbose_name='详情')),
                ('request_id', models.CharField(blank=True, max_length=64, verbose_name='请求编号')),
                ('network', models.CharField(blank=True, max_length=50, verbose_name='网段')),
                ('is_keyed', models.BooleanField(verbose_name='用了密钥')),
                ('previous', models.CharField(max_length=64, verbose_name='上一条的校验值')),
                ('hash', models.CharField(max_length=64, verbose_name='校验值')),
            ],
            options={
                'verbose_name': '审计记录',
                'verbose_name_plural': '审计记录',
                'ordering': ['-number'],
                'default_permissions': ('view',),
            },
        ),
        migrations.RunPython(put_on, take_off),
    ]
