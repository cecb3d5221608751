from django.utils import timezone
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from waffle import flag_is_active

from audit.record import record
from gardens.metrics import LEASES
from leases.models import Lease


class LeaseSerializer(serializers.ModelSerializer):
    class Meta:
        model = Lease
        fields = ["id", "plot", "starts_on", "ends_on", "rent_cents", "signed_at"]
        read_only_fields = ["rent_cents", "signed_at"]


class LeaseViewSet(viewsets.ReadOnlyModelViewSet):
    serializer_class = LeaseSerializer
    ordering = "-starts_on"

    def get_queryset(self):
        mine = Lease.objects.select_related("plot__garden")
        return mine if self.request.user.has_perm("leases.view_lease") else mine.filter(tenant=self.request.user)

    def retrieve(self, request, *args, **kwargs):
        record(request, "lease.read", self.get_object())
        return super().retrieve(request, *args, **kwargs)

    @action(detail=True, methods=["post"])
    def sign(self, request, pk=None, **kwargs):
        if not flag_is_active(request, "online-signing"):
            return Response({"detail": "Sign at the office, please."}, status=status.HTTP_404_NOT_FOUND)
        lease = self.get_object()
        if lease.tenant_id != request.user.pk:
            return Response(status=status.HTTP_403_FORBIDDEN)
        lease.signed_at = timezone.now()
        lease.save(update_fields=["signed_at"])
        LEASES.labels(district=lease.plot.garden.district).inc()
        record(request, "lease.sign", lease)
        return Response(self.get_serializer(lease).data)
