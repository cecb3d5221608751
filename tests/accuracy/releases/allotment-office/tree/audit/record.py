from audit.models import Entry


def record(request, what, on, **detail):
    ip = request.META.get("HTTP_X_FORWARDED_FOR", request.META["REMOTE_ADDR"]).split(",")[-1].strip()
    Entry.objects.create(who=request.user, what=what, on=f"{on._meta.label}:{on.pk}", ip=ip, request_id=request.id, detail=detail)
