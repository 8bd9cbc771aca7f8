from analytics.models.decisions import DailyDecisions, DailyDecisionsTotal
from analytics.models.usage import DailyUsage, DailyUsageTotal

__all__ = ["DailyDecisions", "DailyDecisionsTotal", "DailyUsage", "DailyUsageTotal"]
