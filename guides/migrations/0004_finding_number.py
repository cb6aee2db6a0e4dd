from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guides', '0003_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='finding',
            name='number',
            field=models.CharField(blank=True, default='', help_text='疑点说的是哪个号码；页面在这个号码旁写“号码待核实”。', max_length=30, verbose_name='号码'),
            preserve_default=False,
        ),
    ]
