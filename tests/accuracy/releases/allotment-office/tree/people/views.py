from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import UserCreationForm
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import CreateView

from audit.record import record
from people.models import Consent, Person


class SignUpForm(UserCreationForm):
    class Meta:
        model = Person
        fields = ["username", "email", "first_name", "last_name"]


class SignUp(CreateView):
    form_class = SignUpForm
    template_name = "people/sign_up.html"
    success_url = reverse_lazy("login")


class ConsentForm(forms.Form):
    newsletter = forms.BooleanField(required=False)
    photos = forms.BooleanField(required=False)


def privacy(request):
    return render(request, "privacy.html")


@login_required
def me(request):
    leases = request.user.leases.select_related("plot__garden").order_by("-starts_on")
    return render(request, "people/me.html", {"leases": leases})


@login_required
def export(request):
    person = request.user
    record(request, "person.export", person)
    return JsonResponse(
        {
            "name": person.get_full_name(),
            "email": person.email,
            "phone": person.phone,
            "street": person.street,
            "consents": list(person.consents.values("purpose", "given", "at")),
            "leases": list(person.leases.values("plot__number", "starts_on", "ends_on", "rent_cents")),
            "waiting": list(person.wishes.values("garden__name", "since")),
        }
    )


@login_required
@require_POST
def consents(request):
    form = ConsentForm(request.POST)
    if form.is_valid():
        for purpose, given in form.cleaned_data.items():
            Consent.objects.create(person=request.user, purpose=purpose, given=given)
            record(request, "consent.change", request.user, purpose=purpose, given=given)
    return redirect("me")


@login_required
@require_POST
def leave(request):
    person = request.user
    person.left_on = timezone.localdate()
    person.save(update_fields=["left_on"])
    record(request, "person.leave", person)
    return redirect("logout")
