; Of several patterns for one definition the first wins.
((method_declaration name: (name) @name) @test (#match? @name "^test[A-Z_]"))
(method_declaration name: (name) @name) @method
(function_definition name: (name) @name) @function
(class_declaration name: (name) @name) @class
(interface_declaration name: (name) @name) @interface
(trait_declaration name: (name) @name) @trait
(enum_declaration name: (name) @name) @enum
(enum_case name: (name) @name) @variant
(namespace_definition name: (namespace_name) @name) @module
(const_declaration (const_element (name) @name)) @constant
(property_declaration (property_element name: (variable_name (name) @name))) @field
