// What is allowed in the fake shell: rules and their uses, trusted folders,
// and the ledger of what was asked, decided and done.

import { errorInfo } from "../backend";
import { policyAnswer } from "../sample";
import type { AuditBreak, AuditCheck, AuditQuery, AuditRecord, ErrorInfo, FoundItem, PermissionMode, PolicyAnswer, RuleTexts, RuleUse, TrustedFolder, TrustView } from "../types";

const SHAPE = /^[A-Za-z_]+(\([^()]+\))?$/;

export class FakeLaw {
  ledger: AuditRecord[] = [];
  broken: AuditBreak | null = null;
  uses: RuleUse[] = [];
  trusted: TrustedFolder[] = [{ path: "/home/lea", at_ms: Date.now() - 12 * 86_400_000 }];
  /** What lies in a folder, by its path. */
  found: Record<string, FoundItem[]> = {};
  /** What is said of a call. */
  answer: (what: string) => PolicyAnswer = policyAnswer;

  audit({ limit, before, kinds }: AuditQuery): AuditRecord[] {
    const fits = (record: AuditRecord) => (before === null || record.number < before) && (kinds.length === 0 || kinds.includes(record.kind));
    return this.ledger.filter(fits).slice(0, limit);
  }

  check(): AuditCheck {
    return { count: this.ledger[0]?.number ?? 0, head: this.ledger[0]?.hash ?? "", broken: this.broken, has_head: true };
  }

  /** Refuses a rule that none can be. */
  read(rules: RuleTexts): void {
    const texts = [...rules.deny, ...rules.ask, ...rules.allow].map((entry) => (typeof entry === "string" ? entry : entry.rule));
    const wrong = texts.find((text) => !SHAPE.test(text));
    if (wrong === undefined) return;
    throw { kind: "config", message: `\`${wrong}\` is not a rule; write \`Tool\` or \`Tool(pattern)\`, for example \`Bash(cargo test *)\`.`, hints: [] } satisfies ErrorInfo;
  }

  view(folder: string): TrustView {
    const trusted = this.trusted.some(({ path }) => path === folder || folder.startsWith(`${path}/`));
    return { path: folder, trusted, found: this.found[folder] ?? [] };
  }

  give(folder: string): TrustView {
    this.trusted = [{ path: folder, at_ms: Date.now() }, ...this.trusted];
    return this.view(folder);
  }

  revoke(folder: string): boolean {
    const before = this.trusted.length;
    this.trusted = this.trusted.filter(({ path }) => path !== folder);
    return this.trusted.length < before;
  }

  /** Refuses what may not be used in a folder, or without a sandbox. */
  may(mode: PermissionMode, folder: string, sandbox: boolean): void {
    if ((mode === "auto" || mode === "bypass") && !this.view(folder).trusted) {
      throw errorInfo({ kind: "not_trusted", message: `Mode ${mode} is for folders you trust, and \`${folder}\` is not one yet.`, hints: ["Look at what it brings and trust it, or choose another mode."] });
    }
    if (mode === "auto" && !sandbox) {
      throw errorInfo({ kind: "config", message: "Mode auto is refused, because there is no sandbox here: bubblewrap is not installed.", hints: ["`fam doctor` says what is missing. Choose another mode until it is there."] });
    }
  }
}
