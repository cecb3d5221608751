import re

from django.core.exceptions import ValidationError


class MixedValidator:
    def validate(self, password, user=None):
        if not (re.search(r"[a-z]", password) and re.search(r"[A-Z]", password) and re.search(r"\d", password)):
            raise ValidationError("Use small and capital letters and a digit.")

    def get_help_text(self):
        return "Small and capital letters and a digit."
