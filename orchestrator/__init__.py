"""gonogo: a release goes in, a verdict comes out, and everything in between is written down."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # typing costs more to import than everything else here

__version__ = "0.1.0"

# In a checkout the agents lie beside this package; in a wheel they lie inside it. Both are `orchestrator.agents`.
if not os.path.isdir(os.path.join(__path__[0], "agents")):  # noqa: PTH112, PTH118  # pathlib would double the start-up
    __path__.append(os.path.dirname(__path__[0]))  # noqa: PTH120  # likewise

_HOME = {
    "contract.agent": "Agent Brief ReadFile",
    "contract.grounds": "absent acted exchanged queried quoted ran reported sampled stated",
    "contract.checks": "BOTH FAIL PASS Check Counted Draft Example Shows check checks_of examined failed passed unsure",
    "contract.inventories": "judge_parts",
    "contract.recovering": "compared met_aims seldom walked",
    "contract.released": "of_this_release",
    "contract.repositories": "BACKUPS PGBACKREST is_run kept_databases",
    "contract.unjudged": "unjudged",
    "domain.assessment": "Assessment Verdict",
    "domain.criterion": "Area Catalogue Criterion Section Severity",
    "domain.effect": "Reconciled",
    "domain.fact": "Aside Fact Problem Source once",
    "domain.finding": "Finding Location Status",
    "domain.ground": "Ground",
    "domain.located": "Located",
    "domain.measure": "Measure measured",
    "domain.outcome": "Ending Exhibit Outcome",
    "domain.places": "Places together",
    "domain.person": "Attestation Waiver",
    "domain.policy": "Policy",
    "domain.profile": "PROFILE_FACTS Profile",
    "domain.release": "Release",
    "domain.sentence": "NAMED Sentence Several each first_of many",
    "domain.signal": "ALL Signal",
    "errors": "EvidenceUnavailable OrchestratorError",
    "estate.data_stores": "DataStore DataStores in_buckets",
    "estate.deployments": "Deployments",
    "estate.environments": "Environment Environments",
    "estate.inventory": "Inventory Part",
    "estate.nouns": "Buckets Entries Identities LogStores Queues",
    "estate.services": "Service Services",
    "estate.settings": "Keeping Setting",
    "estate.typed": "Typed",
    "estate.workloads": "Workload Workloads",
    "evidence.asked": "Asked asked",
    "evidence.facts.budgets": "Budgets Limit",
    "evidence.facts.code": "Code Hits",
    "evidence.facts.containers": "Compose ComposeFile Dockerfile Dockerfiles Instruction",
    "evidence.facts.dashboards": "Dashboard Dashboards",
    "evidence.facts.documents": "NEXT_LABEL Dated Document Documents Heading Measured Paragraph Priced",
    "evidence.facts.files": "Files source_of",
    "evidence.facts.history": "History",
    "evidence.facts.infrastructure": "Block Infrastructure as_flag as_number",
    "evidence.facts.kubernetes": "Kubernetes Resource",
    "evidence.facts.loadtests": "LoadJump LoadNote LoadReport LoadResult LoadRun LoadScript LoadTests",
    "evidence.facts.manifests": "Dependency Manifest Manifests",
    "evidence.facts.markup": "Markup Page Stumble",
    "evidence.facts.changes": "Changes",
    "evidence.facts.migrations": "Migration Migrations Operation",
    "evidence.facts.monitoring": "AlertRule Alerts",
    "evidence.facts.pipelines": "CiCommand CiJob CiStep Pipeline Pipelines",
    "evidence.facts.policies": "AccessPolicy Statement access_policies access_policy policy_statement",
    "evidence.facts.requirements": "Requirement Requirements",
    "evidence.facts.routes": "Route Routes",
    "evidence.facts.schema": "Column Schema Table",
    "evidence.facts.secrets": "Credential RuleSet SecretHistory Secrets",
    "evidence.facts.setaside": "SetAside",
    "evidence.facts.sinks": "Sink Sinks",
    "evidence.facts.testsuites": "CoverageRule Suite TestSuites",
    "evidence.inforce.cloudalarms": "alarm_force",
    "evidence.inforce.dates": "HORIZON days",
    "evidence.languages": "in_their_language",
    "evidence.related": "TestsByName",
    "evidence.stages": "is_elsewhere is_file_elsewhere stage_of stage_of_file stage_of_work",
    "evidence.tree": "FileEntry",
    "evidence.works.deploying": "Deployment deployments deploys goes_back goes_back_by_command names_deployment "
    "publishes_documents throws_away",
    "evidence.works.publishing": "names_publication publishes",
    "evidence.works.reaching": "reaches",
    "evidence.works.testing": "LANGUAGE_FAMILIES languages_of tests_by_command",
    "evidence.works.trying": "tried_out_within tries_out undone_within walked_within walks",
    "evidence.works.work": "Work work_of",
    "formats.promql": "Matcher",
    "vocabulary.reading": "words",
    "vocabulary.words": "Words",
}
_WHERE = {name: module for module, names in _HOME.items() for name in names.split()}
__all__ = ["__version__", *sorted(_WHERE)]  # names are strings in _HOME


def __getattr__(name: str) -> object:
    if name not in _WHERE:
        raise AttributeError(f"module 'orchestrator' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f".{_WHERE[name]}", __name__), name)
    globals()[name] = value
    return value


if TYPE_CHECKING:
    from .contract.agent import Agent as Agent
    from .contract.agent import Brief as Brief
    from .contract.agent import ReadFile as ReadFile
    from .contract.checks import BOTH as BOTH
    from .contract.checks import FAIL as FAIL
    from .contract.checks import PASS as PASS
    from .contract.checks import Check as Check
    from .contract.checks import Counted as Counted
    from .contract.checks import Draft as Draft
    from .contract.checks import Example as Example
    from .contract.checks import Shows as Shows
    from .contract.checks import check as check
    from .contract.checks import checks_of as checks_of
    from .contract.checks import examined as examined
    from .contract.checks import failed as failed
    from .contract.checks import passed as passed
    from .contract.checks import unsure as unsure
    from .contract.grounds import absent as absent
    from .contract.grounds import acted as acted
    from .contract.grounds import exchanged as exchanged
    from .contract.grounds import queried as queried
    from .contract.grounds import quoted as quoted
    from .contract.grounds import ran as ran
    from .contract.grounds import reported as reported
    from .contract.grounds import sampled as sampled
    from .contract.grounds import stated as stated
    from .contract.inventories import judge_parts as judge_parts
    from .contract.recovering import compared as compared
    from .contract.recovering import met_aims as met_aims
    from .contract.recovering import seldom as seldom
    from .contract.recovering import walked as walked
    from .contract.released import of_this_release as of_this_release
    from .contract.repositories import BACKUPS as BACKUPS
    from .contract.repositories import PGBACKREST as PGBACKREST
    from .contract.repositories import is_run as is_run
    from .contract.repositories import kept_databases as kept_databases
    from .contract.unjudged import unjudged as unjudged
    from .domain.assessment import Assessment as Assessment
    from .domain.assessment import Verdict as Verdict
    from .domain.criterion import Area as Area
    from .domain.criterion import Catalogue as Catalogue
    from .domain.criterion import Criterion as Criterion
    from .domain.criterion import Section as Section
    from .domain.criterion import Severity as Severity
    from .domain.effect import Reconciled as Reconciled
    from .domain.fact import Aside as Aside
    from .domain.fact import Fact as Fact
    from .domain.fact import Problem as Problem
    from .domain.fact import Source as Source
    from .domain.fact import once as once
    from .domain.finding import Finding as Finding
    from .domain.finding import Location as Location
    from .domain.finding import Status as Status
    from .domain.ground import Ground as Ground
    from .domain.located import Located as Located
    from .domain.measure import Measure as Measure
    from .domain.measure import measured as measured
    from .domain.outcome import Ending as Ending
    from .domain.outcome import Exhibit as Exhibit
    from .domain.outcome import Outcome as Outcome
    from .domain.person import Attestation as Attestation
    from .domain.person import Waiver as Waiver
    from .domain.places import Places as Places
    from .domain.places import together as together
    from .domain.policy import Policy as Policy
    from .domain.profile import PROFILE_FACTS as PROFILE_FACTS
    from .domain.profile import Profile as Profile
    from .domain.release import Release as Release
    from .domain.sentence import NAMED as NAMED
    from .domain.sentence import Sentence as Sentence
    from .domain.sentence import Several as Several
    from .domain.sentence import each as each
    from .domain.sentence import first_of as first_of
    from .domain.sentence import many as many
    from .domain.signal import ALL as ALL
    from .domain.signal import Signal as Signal
    from .errors import EvidenceUnavailable as EvidenceUnavailable
    from .errors import OrchestratorError as OrchestratorError
    from .estate.data_stores import DataStore as DataStore
    from .estate.data_stores import DataStores as DataStores
    from .estate.data_stores import in_buckets as in_buckets
    from .estate.deployments import Deployments as Deployments
    from .estate.environments import Environment as Environment
    from .estate.environments import Environments as Environments
    from .estate.inventory import Inventory as Inventory
    from .estate.inventory import Part as Part
    from .estate.nouns import Buckets as Buckets
    from .estate.nouns import Entries as Entries
    from .estate.nouns import Identities as Identities
    from .estate.nouns import LogStores as LogStores
    from .estate.nouns import Queues as Queues
    from .estate.services import Service as Service
    from .estate.services import Services as Services
    from .estate.settings import Keeping as Keeping
    from .estate.settings import Setting as Setting
    from .estate.typed import Typed as Typed
    from .estate.workloads import Workload as Workload
    from .estate.workloads import Workloads as Workloads
    from .evidence.asked import Asked as Asked
    from .evidence.asked import asked as asked
    from .evidence.facts.budgets import Budgets as Budgets
    from .evidence.facts.budgets import Limit as Limit
    from .evidence.facts.changes import Changes as Changes
    from .evidence.facts.code import Code as Code
    from .evidence.facts.code import Hits as Hits
    from .evidence.facts.containers import Compose as Compose
    from .evidence.facts.containers import ComposeFile as ComposeFile
    from .evidence.facts.containers import Dockerfile as Dockerfile
    from .evidence.facts.containers import Dockerfiles as Dockerfiles
    from .evidence.facts.containers import Instruction as Instruction
    from .evidence.facts.dashboards import Dashboard as Dashboard
    from .evidence.facts.dashboards import Dashboards as Dashboards
    from .evidence.facts.documents import NEXT_LABEL as NEXT_LABEL
    from .evidence.facts.documents import Dated as Dated
    from .evidence.facts.documents import Document as Document
    from .evidence.facts.documents import Documents as Documents
    from .evidence.facts.documents import Heading as Heading
    from .evidence.facts.documents import Measured as Measured
    from .evidence.facts.documents import Paragraph as Paragraph
    from .evidence.facts.documents import Priced as Priced
    from .evidence.facts.files import Files as Files
    from .evidence.facts.files import source_of as source_of
    from .evidence.facts.history import History as History
    from .evidence.facts.infrastructure import Block as Block
    from .evidence.facts.infrastructure import Infrastructure as Infrastructure
    from .evidence.facts.infrastructure import as_flag as as_flag
    from .evidence.facts.infrastructure import as_number as as_number
    from .evidence.facts.kubernetes import Kubernetes as Kubernetes
    from .evidence.facts.kubernetes import Resource as Resource
    from .evidence.facts.loadtests import LoadJump as LoadJump
    from .evidence.facts.loadtests import LoadNote as LoadNote
    from .evidence.facts.loadtests import LoadReport as LoadReport
    from .evidence.facts.loadtests import LoadResult as LoadResult
    from .evidence.facts.loadtests import LoadRun as LoadRun
    from .evidence.facts.loadtests import LoadScript as LoadScript
    from .evidence.facts.loadtests import LoadTests as LoadTests
    from .evidence.facts.manifests import Dependency as Dependency
    from .evidence.facts.manifests import Manifest as Manifest
    from .evidence.facts.manifests import Manifests as Manifests
    from .evidence.facts.markup import Markup as Markup
    from .evidence.facts.markup import Page as Page
    from .evidence.facts.markup import Stumble as Stumble
    from .evidence.facts.migrations import Migration as Migration
    from .evidence.facts.migrations import Migrations as Migrations
    from .evidence.facts.migrations import Operation as Operation
    from .evidence.facts.monitoring import AlertRule as AlertRule
    from .evidence.facts.monitoring import Alerts as Alerts
    from .evidence.facts.pipelines import CiCommand as CiCommand
    from .evidence.facts.pipelines import CiJob as CiJob
    from .evidence.facts.pipelines import CiStep as CiStep
    from .evidence.facts.pipelines import Pipeline as Pipeline
    from .evidence.facts.pipelines import Pipelines as Pipelines
    from .evidence.facts.policies import AccessPolicy as AccessPolicy
    from .evidence.facts.policies import Statement as Statement
    from .evidence.facts.policies import access_policies as access_policies
    from .evidence.facts.policies import access_policy as access_policy
    from .evidence.facts.policies import policy_statement as policy_statement
    from .evidence.facts.requirements import Requirement as Requirement
    from .evidence.facts.requirements import Requirements as Requirements
    from .evidence.facts.routes import Route as Route
    from .evidence.facts.routes import Routes as Routes
    from .evidence.facts.schema import Column as Column
    from .evidence.facts.schema import Schema as Schema
    from .evidence.facts.schema import Table as Table
    from .evidence.facts.secrets import Credential as Credential
    from .evidence.facts.secrets import RuleSet as RuleSet
    from .evidence.facts.secrets import SecretHistory as SecretHistory
    from .evidence.facts.secrets import Secrets as Secrets
    from .evidence.facts.setaside import SetAside as SetAside
    from .evidence.facts.sinks import Sink as Sink
    from .evidence.facts.sinks import Sinks as Sinks
    from .evidence.facts.testsuites import CoverageRule as CoverageRule
    from .evidence.facts.testsuites import Suite as Suite
    from .evidence.facts.testsuites import TestSuites as TestSuites
    from .evidence.inforce.cloudalarms import alarm_force as alarm_force
    from .evidence.inforce.dates import HORIZON as HORIZON
    from .evidence.inforce.dates import days as days
    from .evidence.languages import in_their_language as in_their_language
    from .evidence.related import TestsByName as TestsByName
    from .evidence.stages import is_elsewhere as is_elsewhere
    from .evidence.stages import is_file_elsewhere as is_file_elsewhere
    from .evidence.stages import stage_of as stage_of
    from .evidence.stages import stage_of_file as stage_of_file
    from .evidence.stages import stage_of_work as stage_of_work
    from .evidence.tree import FileEntry as FileEntry
    from .evidence.works.deploying import Deployment as Deployment
    from .evidence.works.deploying import deployments as deployments
    from .evidence.works.deploying import deploys as deploys
    from .evidence.works.deploying import goes_back as goes_back
    from .evidence.works.deploying import goes_back_by_command as goes_back_by_command
    from .evidence.works.deploying import names_deployment as names_deployment
    from .evidence.works.deploying import publishes_documents as publishes_documents
    from .evidence.works.deploying import throws_away as throws_away
    from .evidence.works.publishing import names_publication as names_publication
    from .evidence.works.publishing import publishes as publishes
    from .evidence.works.reaching import reaches as reaches
    from .evidence.works.testing import LANGUAGE_FAMILIES as LANGUAGE_FAMILIES
    from .evidence.works.testing import languages_of as languages_of
    from .evidence.works.testing import tests_by_command as tests_by_command
    from .evidence.works.trying import tried_out_within as tried_out_within
    from .evidence.works.trying import tries_out as tries_out
    from .evidence.works.trying import undone_within as undone_within
    from .evidence.works.trying import walked_within as walked_within
    from .evidence.works.trying import walks as walks
    from .evidence.works.work import Work as Work
    from .evidence.works.work import work_of as work_of
    from .formats.promql import Matcher as Matcher
    from .vocabulary.reading import words as words
    from .vocabulary.words import Words as Words
