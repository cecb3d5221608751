"""The workflow room: YAML to model to DAG."""
