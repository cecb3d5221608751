"""One file per family of schema declarations: how models and DDL are recognised and read."""
