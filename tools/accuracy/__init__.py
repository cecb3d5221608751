"""The measure of judgement: what the checks say of labelled cases and releases, held against the labels."""
