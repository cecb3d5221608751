import csv

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_POST

from audit.record import record
from gardens.metrics import WISHES
from gardens.models import Garden, Wish


def all_gardens():
    found = cache.get("gardens")
    if found is None:
        found = list(Garden.objects.annotate(plot_count=Count("plots", distinct=True), waiting=Count("wishes", distinct=True)).order_by("name"))
        cache.set("gardens", found, 600)
    return found


@cache_control(public=True, max_age=300)
def gardens(request):
    return render(request, "gardens/list.html", {"gardens": all_gardens()})


@cache_control(private=True, no_cache=True)
@condition(etag_func=lambda request, pk: f'"{pk}-{cache.get(f"garden-version-{pk}", 0)}"')
def garden(request, pk):
    found = get_object_or_404(Garden.objects.prefetch_related("plots"), pk=pk)
    return render(request, "gardens/one.html", {"garden": found})


@login_required
@require_POST
def wish(request, pk):
    found = get_object_or_404(Garden, pk=pk)
    _, new = Wish.objects.get_or_create(person=request.user, garden=found)
    if new:
        WISHES.labels(district=found.district).inc()
        cache.delete("gardens")
        cache.incr(f"garden-version-{pk}") if cache.get(f"garden-version-{pk}") else cache.set(f"garden-version-{pk}", 1, 86_400)
        record(request, "wish.create", found)
    return redirect("garden", pk=pk)


@login_required
def waiting(request, pk):
    """The list that the garden's keeper prints: who waits, since when, how to reach them."""
    found = get_object_or_404(Garden, pk=pk)
    record(request, "wish.list", found)
    answer = HttpResponse(content_type="text/csv")
    out = csv.writer(answer)
    for w in found.wishes.select_related("person").order_by("since"):
        out.writerow([w.since.date(), w.person.get_full_name(), w.person.email, w.person.phone])
    return answer


def search(request):
    district = request.GET.get("district", "")
    smallest = int(request.GET.get("from", 0) or 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, g.name, p.number, p.square_metres FROM gardens_plot p JOIN gardens_garden g ON g.id = p.garden_id "
            f"WHERE p.free_from IS NOT NULL AND g.district = '{district}' AND p.square_metres >= {smallest} ORDER BY p.free_from LIMIT 100"
        )
        rows = cursor.fetchall()
    return render(request, "gardens/search.html", {"rows": rows, "district": district})
