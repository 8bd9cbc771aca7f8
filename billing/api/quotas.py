from rest_framework import serializers

from musenest.common.api.fields import SparseSerializer


class QuotaSerializer(SparseSerializer):
    """This month's analysed pictures against the tier's limit."""

    month = serializers.DateField(help_text="its first day (UTC)")
    used = serializers.IntegerField()
    limit = serializers.IntegerField(help_text="-1 is without limit")
    left = serializers.IntegerField(allow_null=True, help_text="null where there is no limit")
    percent = serializers.IntegerField(help_text="0 to 100")
