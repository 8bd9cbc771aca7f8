from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.documents import DocumentsSerializer
from moderation.models import Template
from moderation.selectors import templates
from musenest.common.api.fields import SparseSerializer
from musenest.common.api.filters import BooleanFilter, FilterSet
from musenest.common.api.schema import FIELDS, protected
from musenest.common.api.views import SIGNED_IN, ApiViewSet


class TemplateVersionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    documents = DocumentsSerializer()
    rationale = serializers.DictField(
        child=serializers.CharField(), help_text="the reason of each figure, by path"
    )


class TemplateSerializer(SparseSerializer):
    """An industry's starting point for a site."""

    name = serializers.CharField(help_text="what a site's `industry_template` says")
    display_name = serializers.CharField()
    description = serializers.CharField()
    needs_attestation = serializers.BooleanField(
        help_text="the owner states that ages and consent are on record"
    )
    needs_blip = serializers.BooleanField(help_text="only on servers that caption pictures")
    version = serializers.SerializerMethodField(help_text="the newest")

    @extend_schema_field(TemplateVersionSerializer)
    def get_version(self, template: Template) -> Any:
        newest, *_ = template.versions.all()  # in the selector's order
        return TemplateVersionSerializer(newest).data


class TemplateFilter(FilterSet):
    name = django_filters.CharFilter()
    needs_attestation = BooleanFilter()
    needs_blip = BooleanFilter()


class TemplatesViewSet(ApiViewSet):
    permissions = {"list": SIGNED_IN}
    queryset = Template.objects.none()
    filterset_class = TemplateFilter
    ordering = ("id",)
    ordering_fields = ("name", "display_name")

    @extend_schema(
        tags=["Moderation"],
        operation_id="list_templates",
        summary="The industry templates",
        description="What a site can start from: the four documents of the newest version, each figure with "
        "its reason.",
        parameters=[FIELDS],
        responses={200: TemplateSerializer(many=True), **protected()},
    )
    def list(self, request: Request) -> Response:
        return self.page(templates.live(), TemplateSerializer)
