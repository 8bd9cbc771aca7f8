from rest_framework import serializers

from musenest.common.api.fields import SparseSerializer


class TypeUsageSerializer(SparseSerializer):
    """One usage type over the period."""

    usage_type = serializers.CharField()
    total_requests = serializers.IntegerField(help_text="uses, without those that were taken back")
    total_count = serializers.IntegerField(help_text="requests that the uses counted")
    avg_response_time = serializers.FloatField(allow_null=True, help_text="ms; null where nobody told one")


class DayUsageSerializer(SparseSerializer):
    on = serializers.DateField(help_text="UTC")
    usage_type = serializers.CharField()
    total_requests = serializers.IntegerField()
    total_count = serializers.IntegerField()


class DecidedDaySerializer(SparseSerializer):
    """As the machine decided; what was escalated is not counted."""

    on = serializers.DateField(help_text="UTC")
    approved = serializers.IntegerField()
    flagged = serializers.IntegerField()
    rejected = serializers.IntegerField()


class TierRevenueSerializer(SparseSerializer):
    tier_name = serializers.CharField()
    display_name = serializers.CharField()
    monthly_price = serializers.DecimalField(10, 2, allow_null=True, help_text="USD; null is by agreement")
    subscriber_count = serializers.IntegerField(help_text="active subscriptions")
    tier_revenue = serializers.DecimalField(14, 2, help_text="USD: price times subscribers")


class FiguresSerializer(SparseSerializer):
    """Uses of the last 30 UTC days, today among them."""

    since = serializers.DateField(help_text="the first of the days")
    total_ai_requests = serializers.IntegerField()
    usage_breakdown = TypeUsageSerializer(many=True, help_text="the most used first")


class DailyFiguresSerializer(FiguresSerializer):
    usage_by_day = DayUsageSerializer(
        many=True, help_text="the oldest first; days without a use are left out"
    )
    decisions_by_day = DecidedDaySerializer(many=True, help_text="every day, the oldest first")


class BusinessSerializer(FiguresSerializer):
    monthly_revenue = serializers.DecimalField(
        14, 2, source="revenue.monthly_revenue", help_text="USD: the sum of `tier_revenue`"
    )
    mrr = serializers.DecimalField(
        14, 2, source="revenue.mrr", help_text="USD: what is really paid a month, yearly divided by twelve"
    )
    revenue_by_tier = TierRevenueSerializer(
        many=True, source="revenue.revenue_by_tier", help_text="active tiers, also those without subscribers"
    )


class NearLimitSerializer(SparseSerializer):
    organization = serializers.SlugField(source="slug")
    tier = serializers.CharField()
    used = serializers.IntegerField()
    limit = serializers.IntegerField()
    percent = serializers.IntegerField()


class CustomersSerializer(SparseSerializer):
    subscribers = serializers.IntegerField(help_text="current subscriptions")
    paying = serializers.IntegerField(help_text="active ones with a price")
    conversion_percent = serializers.FloatField()
    near_limit = NearLimitSerializer(many=True, help_text="at 80 % of the month's pictures or more")


class PlatformFiguresSerializer(BusinessSerializer, DailyFiguresSerializer):
    customers = CustomersSerializer()
