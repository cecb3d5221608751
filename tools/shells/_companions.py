"""Files with nothing of interest in them, which keep a void tree a tree of its kind."""

from __future__ import annotations

_OF = {
    "python": ("shop/greeting.py", "def greet(name):\n    return 'Hello ' + name\n\n\nprint(greet('you'))\n"),
    "javascript": ("src/greeting.js", "export const greet = (name) => 'Hello ' + name\nconsole.log(greet('you'))\n"),
    "ruby": ("app/greeting.rb", "class Greeting\n  def say\n    'Hello'\n  end\nend\n"),
    "go": ("greeting/greeting.go", 'package greeting\n\nfunc Say() string {\n\treturn "Hello"\n}\n'),
    "csharp": ("src/Greeting.cs", 'class Greeting { public string Say() => "Hello"; }\n'),
    "java": ("src/Greeting.java", 'class Greeting {\n  String say() {\n    return "Hello";\n  }\n}\n'),
    "scala": ("src/Greeting.scala", 'object Greeting { def say = "Hello" }\n'),
    "kotlin": ("src/Greeting.kt", 'fun greet() = "Hello"\n'),
    "php": ("app/Greeting.php", "<?php\nclass Greeting {\n  public function say() {\n    return 'Hello';\n  }\n}\n"),
    "rust": ("src/greeting.rs", 'pub fn greet() -> &\'static str {\n    "Hello"\n}\n'),
    "elixir": ("lib/greeting.ex", 'defmodule Greeting do\n  def say, do: "Hello"\nend\n'),
    "swift": ("App/Greeting.swift", 'func greet() -> String { return "Hello" }\n'),
    "terraform": ("infra/names.tf", 'locals {\n  name = "shop"\n}\n'),
    "bicep": ("infra/names.bicep", "output name string = 'shop'\n"),
    "workflow": (
        ".github/workflows/greeting.yml",
        "on: push\njobs:\n  hello:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hello\n",
    ),
    "kubernetes": ("k8s/names.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: names}\ndata: {shop: open}\n"),
    "sql": ("db/seeds.sql", "SELECT 1;\n"),
    "asciidoc": ("README.adoc", "= Shop\n\nSells what there is.\n"),
    "rst": ("README.rst", "Shop\n====\n\nSells what there is.\n"),
    "document": ("README.md", "# Shop\n\nSells what there is.\n"),
}


def companion(kind: str) -> tuple[str, str]:
    """The path and the text of such a file; of a kind that has none, a licence."""
    return _OF.get(kind, ("LICENSE", "All rights reserved.\n"))
