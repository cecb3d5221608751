from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path
from django_otp.admin import OTPAdminSite
from django_ratelimit.decorators import ratelimit

from office import health
from people.views import SignUp, privacy

admin.site.__class__ = OTPAdminSite

slow = ratelimit(key="ip", rate="10/m", method="POST", block=True)

urlpatterns = [
    path("live", health.live),
    path("ready", health.ready),
    path("desk/", admin.site.urls),
    path("sign-in/", slow(auth.LoginView.as_view()), name="login"),
    path("sign-out/", auth.LogoutView.as_view(), name="logout"),
    path("sign-up/", slow(SignUp.as_view()), name="sign-up"),
    path("reset/", slow(auth.PasswordResetView.as_view()), name="password_reset"),
    path("reset/<uidb64>/<token>/", auth.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("privacy/", privacy, name="privacy"),
    path("me/", include("people.urls")),
    path("api/v1/", include(("leases.urls", "leases"), namespace="v1")),
    path("", include("gardens.urls")),
    path("", include("django_prometheus.urls")),
]
