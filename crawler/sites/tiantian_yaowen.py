"""天天要闻, an aggregator of Chinese news."""

from crawler.sites import Site

SITE = Site(
    name="天天要闻",
    hosts=("cn.wa01.com",),
    timezone="Asia/Shanghai",
    title_suffix=" - 天天要闻",
)
