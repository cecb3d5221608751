"""Reads routes of Rust: axum's, actix-web's and Rocket's."""

from .assembling import assembled_rust
from .reading import RustFile, read_rust

__all__ = ["RustFile", "assembled_rust", "read_rust"]
