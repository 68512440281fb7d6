"""The built-in sample site: the worked example of ``docs/add-a-site.md``."""

from crawler.sites import FieldRule, Site

SITE = Site(
    name="柳塘时报",
    hosts=("127.0.0.1", "localhost"),
    timezone="Asia/Shanghai",
    title_suffix="_柳塘时报",
    fields={"views": (FieldRule(select=".detail-info .hits"),)},
)
