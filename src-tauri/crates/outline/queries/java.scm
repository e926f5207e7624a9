; Of several patterns for one definition the first wins.
((method_declaration
   (modifiers [
     (marker_annotation name: (identifier) @_mark)
     (annotation name: (identifier) @_mark)
   ])
   name: (identifier) @name) @test
 (#any-of? @_mark "Test" "ParameterizedTest" "RepeatedTest" "TestFactory"))
(method_declaration name: (identifier) @name) @method
(constructor_declaration name: (identifier) @name) @method
(compact_constructor_declaration name: (identifier) @name) @method
(class_declaration name: (identifier) @name) @class
(record_declaration name: (identifier) @name) @class
(interface_declaration name: (identifier) @name) @interface
(annotation_type_declaration name: (identifier) @name) @interface
(enum_declaration name: (identifier) @name) @enum
(enum_constant name: (identifier) @name) @variant
(field_declaration declarator: (variable_declarator name: (identifier) @name)) @field
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @constant
