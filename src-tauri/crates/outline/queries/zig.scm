; Of several patterns for one definition the first wins.
(function_declaration name: (identifier) @name) @function
(variable_declaration (identifier) @name (struct_declaration)) @struct
(variable_declaration (identifier) @name (union_declaration)) @struct
(variable_declaration (identifier) @name (enum_declaration)) @enum
(source_file (variable_declaration . (identifier) @name) @constant)
(struct_declaration (variable_declaration . (identifier) @name) @constant)
(enum_declaration (container_field name: (_) @name) @variant)
(container_field name: (_) @name) @field
(test_declaration [(string (string_content) @name) (identifier) @name]) @test
