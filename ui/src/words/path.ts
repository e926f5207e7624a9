// Paths as a person would write them. Only for reading: no path made here
// ever goes back to the shell.

const homes = /^(?:\/(?:home|Users)\/[^/]+|\/root|[A-Z]:\\Users\\[^\\]+)(?=$|[/\\])/;

/** `/home/lea/code` as `~/code`. */
export function tilde(path: string): string {
  return path.replace(homes, "~");
}

/** Inside the workspace: relative to it; outside: with `~`. */
export function near(path: string, workspace: string | null): string {
  if (workspace && path === workspace) return ".";
  if (workspace && path.startsWith(workspace)) {
    const rest = path.slice(workspace.length);
    if (/^[/\\]/.test(rest)) return rest.slice(1);
  }
  return tilde(path);
}

/** The last part of a path. */
export function leaf(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path;
}
