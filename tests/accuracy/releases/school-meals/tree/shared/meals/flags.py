"""Flags live in AppConfig and are kept for thirty seconds. What cannot be read is off, but ordering, which is on."""

from aws_lambda_powertools.utilities.feature_flags import AppConfigStore, FeatureFlags
from aws_lambda_powertools.utilities.feature_flags.exceptions import ConfigurationStoreError

from meals.kit import log

SAFE = {"ordering": True}
flags = FeatureFlags(store=AppConfigStore(environment=__import__("os").environ["APPCONFIG_ENVIRONMENT"], application="meals", name="flags", max_age=30))


def is_on(name: str, school: str) -> bool:
    try:
        return bool(flags.evaluate(name=name, context={"school": school}, default=SAFE.get(name, False)))
    except ConfigurationStoreError:
        log.warning("flags unread", extra={"flag": name})
        return SAFE.get(name, False)
