; Of several patterns for one definition the first wins.
((method name: (_) @name) @test (#match? @name "^test_"))
(method name: (_) @name) @method
(singleton_method name: (_) @name) @method
(class name: [(constant) @name (scope_resolution name: (_) @name)]) @class
(module name: [(constant) @name (scope_resolution name: (_) @name)]) @module
(assignment left: (constant) @name) @constant
(call
  method: (identifier) @_runner
  arguments: (argument_list . [
    (string (string_content) @name)
    (constant) @name
    (scope_resolution name: (constant) @name)
  ])
  block: (_) @body
  (#any-of? @_runner "describe" "context" "it" "specify" "test")) @test
