"""Leads from the words of a requirement to the sections of the framework that it touches."""

from __future__ import annotations

import re
from itertools import pairwise

_SECTIONS = (
    ("INF-1.1", "Auto-scaling", "scale scales scaling autoscal* elastic* surge peak"),
    ("INF-1.2", "Failover and high availability", "failover availab* uptime redundan* outage resilien* replica*"),
    ("INF-1.3", "Backup and disaster recovery", "disaster rpo rto restor* recover*"),
    ("SEC-2.1", "Authentication and authorisation", "login log-in sign-in signin sign-up signup password* authenticat* "
     "authoris* authoriz* permission* role roles admin* session* account logout mfa 2fa oauth sso token*"),
    ("SEC-2.2", "Secrets management", "secret* credential* vault api-key*"),
    ("SEC-2.3", "API and network security", "https tls rate-limit* csrf xss cors injection webhook* firewall saniti*"),
    ("SEC-2.4", "Vulnerability management", "vulnerab* cve* patch* pentest*"),
    ("PRF-3.1", "Database optimisation", "query queries index indexes search* report*"),
    ("PRF-3.2", "Caching strategy", "cache* caching cdn offline"),
    ("PRF-3.3", "Load testing and capacity planning", "latenc* throughput concurrent* performan* load seconds ms fast"),
    ("PRF-3.4", "Asset optimisation", "image* asset* bundle* page-load responsive mobile"),
    ("OBS-4.1", "Logging", "log logs logged logging"),
    ("OBS-4.2", "Metrics and dashboards", "metric* dashboard* monitor* statistic*"),
    ("OBS-4.3", "Alerting", "alert* notif* on-call escalat*"),
    ("OBS-4.4", "Distributed tracing", "trace tracing span* telemetry"),
    ("DEP-5.1", "CI/CD pipeline", "pipeline* ci build* release* deploy*"),
    ("DEP-5.2", "Rollback procedures", "rollback roll-back revert* undo"),
    ("DEP-5.3", "Feature flags and progressive rollout", "flag flags toggle* rollout canary beta experiment*"),
    ("DEP-5.4", "Deployment validation", "accessib* wcag browser* smoke acceptance"),
    ("DAT-6.1", "Backup strategy", "backup* retention snapshot*"),
    ("DAT-6.2", "Database migrations", "migrat* schema"),
    ("DAT-6.3", "Data validation and integrity constraints", "valid* unique mandatory integrity duplicate* consisten*"),
    ("DAT-6.4", "Audit logging", "audit* history tamper*"),
    ("CST-7.2", "Cost monitoring and alerts", "cost* budget* quota*"),
    ("CMP-8.1", "Data privacy (GDPR, CCPA)", "gdpr ccpa privacy personal consent* erasure anonym* cookie*"),
    ("CMP-8.2", "Security compliance (SOC2, ISO 27001)", "soc2 iso27001 complian* policy policies"),
    ("CMP-8.3", "Industry-specific compliance (HIPAA, PCI-DSS)", "hipaa pci card cards payment* pay patient*"),
    ("CMP-8.4", "Audit trail and reporting", "audit-trail evidence"),
)  # fmt: skip
_LINK = re.compile(r"https?://\S+")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def sections(text: str) -> list[str]:
    """The sections of the framework whose words stand in *text*, closest first, at most three."""
    said = _WORD.findall(_LINK.sub(" ", text.lower()))
    said += [f"{a}-{b}" for a, b in pairwise(said)]
    scored = []
    for number, (section, title, listed) in enumerate(_SECTIONS):
        hits = sum(1 for word in listed.split() if any(_fits(word, s) for s in said))
        if hits:
            scored.append((-hits, number, f"{section} {title}"))
    return [name for _, _, name in sorted(scored)[:3]]


def _fits(word: str, said: str) -> bool:
    return said.startswith(word[:-1]) if word.endswith("*") else said == word
