"""Clients, with bounds on what they may take, and the shape of an answer."""

import json
import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from botocore.config import Config

log = Logger(log_uncaught_exceptions=True)
metrics = Metrics()
tracer = Tracer()
aws = Config(connect_timeout=1, read_timeout=3, retries={"mode": "adaptive", "max_attempts": 4})
table = boto3.resource("dynamodb", config=aws).Table(os.environ["TABLE"])
queue = boto3.client("sqs", config=aws)
bucket = boto3.client("s3", config=aws)
HEADERS = {"content-type": "application/json", "strict-transport-security": "max-age=31536000; includeSubDomains", "x-content-type-options": "nosniff", "x-frame-options": "DENY", "cache-control": "no-store"}


def answer(status: int, body: object = None) -> dict:
    return {"statusCode": status, "headers": HEADERS, "body": json.dumps(body, default=str) if body is not None else ""}
