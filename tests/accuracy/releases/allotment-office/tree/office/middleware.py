import re
import uuid
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
user_id: ContextVar[str] = ContextVar("user_id", default="-")
SHAPE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    """Takes the caller's id or makes one, keeps it for the logs and sends it back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-Id", "")
        request.id = given if SHAPE.fullmatch(given) else str(uuid.uuid4())
        request_id.set(request.id)
        response = self.get_response(request)
        response["X-Request-Id"] = request.id
        return response

    def process_view(self, request, view, args, kwargs):
        user_id.set(str(request.user.pk) if request.user.is_authenticated else "-")
