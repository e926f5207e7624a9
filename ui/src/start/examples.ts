// Things one can say, in words both the models and the offline commander take.

export const examples: readonly string[] = [
  "What is in README?",
  "Run the tests",
  "Search for timeout in src",
  "Show the git status",
  "Create a file called notes.txt",
];
