; Before c.scm. Of several patterns for one definition the first wins.
((function_definition
   declarator: (function_declarator
     declarator: (identifier) @_mark
     parameters: (parameter_list . (_) . (_) @name))) @test
 (#match? @_mark "^(TYPED_)?TEST(_[FP])?$"))
(function_definition
  declarator: [
    (function_declarator declarator: [
      (field_identifier) (qualified_identifier) (destructor_name) (operator_name)
    ] @name)
    (pointer_declarator declarator: (function_declarator declarator: [
      (field_identifier) (qualified_identifier) (operator_name)
    ] @name))
    (reference_declarator (function_declarator declarator: [
      (identifier) (field_identifier) (qualified_identifier) (operator_name)
    ] @name))
  ]) @function
(field_declaration
  declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (pointer_declarator declarator: (function_declarator declarator: (field_identifier) @name))
    (reference_declarator
      (function_declarator declarator: [(field_identifier) (operator_name)] @name))
  ]) @method
(declaration declarator: (function_declarator declarator: (destructor_name) @name)) @prototype
(class_specifier name: [
  (type_identifier) @name
  (template_type name: (type_identifier) @name)
] body: (_)) @class
(struct_specifier name: (template_type name: (type_identifier) @name) body: (_)) @struct
(namespace_definition name: (_) @name) @module
(alias_declaration name: (type_identifier) @name) @type
(concept_definition name: (identifier) @name) @type
