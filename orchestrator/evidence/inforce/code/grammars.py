"""The languages whose syntax is known, a row each."""

from __future__ import annotations

from dataclasses import replace

from .grammar import Grammar, Types


def _(names: str) -> Types:
    return frozenset(names.split())


_JAVASCRIPT = Grammar(
    module="tree_sitter_javascript",
    comments=_("comment html_comment hash_bang_line"),
    strings=_("string template_string"),
    inserts=_("template_substitution"),
    blocks=_("program statement_block switch_case switch_default"),
    leaves=_("return_statement throw_statement break_statement continue_statement"),
    functions=_(
        "function_declaration generator_function_declaration function_expression arrow_function method_definition "
        "generator_function"
    ),
    declared=_(
        "function_declaration generator_function_declaration variable_declarator class_declaration method_definition"
    ),
    closed=_("*"),
    ifs=_("if_statement while_statement for_statement ternary_expression"),
    calls=_("call_expression new_expression"),
    values=_("variable_declarator pair assignment_expression public_field_definition field_definition"),
    falsy=_("0 null undefined NaN '' \"\" ``"),
)
_TYPESCRIPT = replace(_JAVASCRIPT, module="tree_sitter_typescript", entry="language_typescript")

GRAMMARS: dict[str, Grammar] = {
    "javascript": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "tsx": replace(_TYPESCRIPT, entry="language_tsx"),
    "go": Grammar(
        module="tree_sitter_go",
        strings=_("interpreted_string_literal raw_string_literal"),
        blocks=_("statement_list"),
        leaves=_("return_statement break_statement continue_statement goto_statement"),
        functions=_("function_declaration method_declaration func_literal"),
        declared=_("function_declaration"),
        ifs=_("if_statement for_statement"),
        sets=_("assignment_statement"),
        values=_("var_spec const_spec short_var_declaration assignment_statement keyed_element"),
    ),
    "java": Grammar(
        module="tree_sitter_java",
        comments=_("line_comment block_comment"),
        strings=_("string_literal"),
        inserts=_("string_interpolation"),
        blocks=_("block constructor_body switch_block_statement_group"),
        leaves=_("return_statement throw_statement break_statement continue_statement yield_statement"),
        functions=_("method_declaration constructor_declaration lambda_expression"),
        declared=_("method_declaration"),
        closed=_("private"),
        ifs=_("if_statement while_statement for_statement ternary_expression"),
        calls=_("method_invocation object_creation_expression"),
        values=_("variable_declarator assignment_expression element_value_pair"),
    ),
    "kotlin": Grammar(
        module="tree_sitter_kotlin",
        comments=_("line_comment block_comment shebang"),
        strings=_("string_literal multiline_string_literal"),
        blocks=_("block source_file lambda_literal"),
        leaves=_("return_expression throw_expression"),
        functions=_("function_declaration anonymous_function lambda_literal secondary_constructor getter setter"),
        declared=_("function_declaration"),
        closed=_("private"),
        ifs=_("if_expression while_statement when_entry"),
        sets=_("assignment"),
        values=_("property_declaration assignment value_argument"),
        last_is_value=True,
    ),
    "ruby": Grammar(
        module="tree_sitter_ruby",
        comments=_("comment uninterpreted"),
        strings=_("string heredoc_body"),
        blocks=_("program body_statement block_body then else do begin"),
        leaves=_("return break next redo retry"),
        handlers=_("rescue ensure else"),
        functions=_("method singleton_method lambda do_block block"),
        holders=_("assignment"),
        ifs=_("if unless elsif if_modifier unless_modifier while until while_modifier until_modifier conditional"),
        unless=_("unless unless_modifier until until_modifier"),
        elses=_("else elsif"),
        shorts=_("binary"),
        calls=_("call"),
        sets=_("assignment"),
        values=_("assignment pair keyword_parameter"),
        falsy=_("nil"),
        last_is_value=True,
    ),
    "php": Grammar(
        module="tree_sitter_php",
        entry="language_php",
        strings=_("string encapsed_string heredoc nowdoc"),
        inserts=_("member_call_expression function_call_expression"),
        blocks=_("program compound_statement colon_block case_statement default_statement"),
        leaves=_("return_statement break_statement continue_statement exit_statement throw_expression goto_statement"),
        functions=_("function_definition method_declaration anonymous_function arrow_function"),
        declared=_("function_definition method_declaration"),
        closed=_("private"),
        ifs=_("if_statement else_if_clause while_statement for_statement conditional_expression"),
        elses=_("else_clause else_if_clause"),
        calls=_(
            "function_call_expression member_call_expression scoped_call_expression nullsafe_member_call_expression "
            "object_creation_expression"
        ),
        values=_("assignment_expression array_element_initializer const_element property_element argument"),
        falsy=_("0 null '' \"\" '0' \"0\""),
    ),
    "csharp": Grammar(
        module="tree_sitter_c_sharp",
        strings=_("string_literal verbatim_string_literal raw_string_literal interpolated_string_expression"),
        blocks=_("block switch_section compilation_unit"),
        leaves=_("return_statement throw_statement break_statement continue_statement goto_statement yield_statement"),
        functions=_(
            "method_declaration local_function_statement lambda_expression anonymous_method_expression "
            "constructor_declaration accessor_declaration"
        ),
        declared=_("method_declaration local_function_statement"),
        closed=_("private"),
        ifs=_("if_statement while_statement for_statement conditional_expression preproc_if preproc_elif"),
        elses=_("else_clause preproc_else preproc_elif"),
        calls=_("invocation_expression object_creation_expression"),
        values=_("variable_declarator assignment_expression argument"),
    ),
    "rust": Grammar(
        module="tree_sitter_rust",
        comments=_("line_comment block_comment"),
        strings=_("string_literal raw_string_literal"),
        blocks=_("block source_file"),
        leaves=_("return_expression break_expression continue_expression"),
        functions=_("function_item closure_expression"),
        declared=_("function_item"),
        ifs=_("if_expression while_expression"),
        calls=_("call_expression macro_invocation"),
        values=_("let_declaration const_item static_item field_initializer assignment_expression"),
        last_is_value=True,
    ),
    "shell": Grammar(
        module="tree_sitter_bash",
        strings=_("string raw_string ansi_c_string heredoc_body"),
        inserts=_("command_substitution"),
        blocks=_(
            "program compound_statement subshell if_statement elif_clause else_clause do_group case_item "
            "command_substitution"
        ),
        functions=_("function_definition"),
        declared=_("function_definition"),
        ifs=_("if_statement elif_clause while_statement"),
        elses=_("else_clause elif_clause"),
        shorts=_("list"),
        calls=_("command"),
        sets=_("variable_assignment"),
        values=_("variable_assignment"),
    ),
    "elixir": Grammar(
        module="tree_sitter_elixir",
        strings=_("string sigil charlist"),
        blocks=_("source do_block else_block body"),
        handlers=_("rescue_block after_block else_block catch_block"),
        functions=_("anonymous_function"),
        closed=_("defp"),
        shorts=_("binary_operator"),
        calls=_("call"),
        sets=_(""),
        values=_("pair"),
        falsy=_("nil"),
        last_is_value=True,
    ),
    "scala": Grammar(
        module="tree_sitter_scala",
        comments=_("comment block_comment"),
        strings=_("string interpolated_string_expression"),
        blocks=_("block indented_block template_body case_clause compilation_unit"),
        leaves=_("return_expression throw_expression"),
        functions=_("function_definition lambda_expression"),
        declared=_("function_definition"),
        closed=_("private"),
        ifs=_("if_expression while_expression"),
        shorts=_("infix_expression"),
        calls=_("call_expression instance_expression"),
        values=_("val_definition var_definition assignment_expression"),
        last_is_value=True,
    ),
    "swift": Grammar(
        module="tree_sitter_swift",
        comments=_("comment multiline_comment"),
        strings=_("line_string_literal multi_line_string_literal raw_string_literal"),
        inserts=_("interpolated_expression"),
        blocks=_("statements source_file"),
        leaves=_("control_transfer_statement"),
        functions=_("function_declaration lambda_literal init_declaration computed_property"),
        declared=_("function_declaration"),
        closed=_("private fileprivate"),
        ifs=_("if_statement while_statement ternary_expression"),
        shorts=_("conjunction_expression disjunction_expression"),
        sets=_("assignment"),
        values=_("property_declaration assignment value_argument"),
        last_is_value=True,
    ),
}
"""Language to what is known of it; ``tsx`` is TypeScript with markup."""
