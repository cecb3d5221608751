"""What the steps of pipelines do: build, test, deploy, publish, try out, go back; told in one place for all checks."""
