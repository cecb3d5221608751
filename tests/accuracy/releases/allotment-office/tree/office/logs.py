import logging
import re

from office.middleware import request_id, user_id

MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b")


class RequestFilter(logging.Filter):
    def filter(self, record):
        record.request_id = request_id.get()
        record.user_id = user_id.get()
        return True


class BlankFilter(logging.Filter):
    """Blanks mail addresses and account numbers, whoever wrote them into a message."""

    def filter(self, record):
        text = record.getMessage()
        record.msg, record.args = IBAN.sub("[account]", MAIL.sub("[mail]", text)), ()
        return True
