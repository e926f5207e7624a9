; Of several patterns for one definition the first wins.
((function_declaration
   (modifiers (annotation (user_type (identifier) @_mark)))
   name: (identifier) @name) @test
 (#any-of? @_mark "Test" "ParameterizedTest"))
(function_declaration name: (identifier) @name) @function
(class_declaration "interface" name: (identifier) @name) @interface
(class_declaration name: (identifier) @name (enum_class_body)) @enum
(class_declaration name: (identifier) @name) @class
(object_declaration name: (identifier) @name) @class
(companion_object name: (identifier) @name) @class
(enum_entry (identifier) @name) @variant
(type_alias type: (identifier) @name) @type
(source_file (property_declaration (variable_declaration (identifier) @name)) @constant)
(class_body (property_declaration (variable_declaration (identifier) @name)) @field)
(class_parameter ["val" "var"] (identifier) @name) @field
