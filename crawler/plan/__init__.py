"""The plan: which sites are visited how, and which crawls run when (``yaowen.toml``)."""

from crawler.plan.parts import CrawlPlan, Plan, SitePlan
from crawler.plan.reading import plan_of, plan_text, read_plan

__all__ = ["CrawlPlan", "Plan", "SitePlan", "plan_of", "plan_text", "read_plan"]
