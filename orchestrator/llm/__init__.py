"""The llm room: what a model is asked, how its answer is read, and what of it counts."""
