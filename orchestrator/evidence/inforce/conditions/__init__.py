"""The conditions under which jobs and steps run: parsed, and evaluated to true, false or what only a run tells."""
