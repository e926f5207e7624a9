; Of several patterns for one definition the first wins.
(function_declaration name: [
  (identifier) @name
  (dot_index_expression field: (identifier) @name)
]) @function
(function_declaration name: (method_index_expression method: (identifier) @name)) @method
(assignment_statement
  (variable_list . name: [
    (identifier) @name
    (dot_index_expression field: (identifier) @name)
  ])
  (expression_list . value: (function_definition body: (_)? @body))) @function
(field name: (identifier) @name value: (function_definition body: (_)? @body)) @function
(chunk (variable_declaration
  (assignment_statement (variable_list . name: (identifier) @name))) @constant)
