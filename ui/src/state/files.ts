// Files that go along with a message: known by their content, never by their
// name, and held against what every model takes before anything is sent.

import type { Attachment, GivenFiles, MediaType } from "../ipc/types";
import { shrink } from "./shrink";

/** A file that waits to be sent. */
export type FileDraft = {
  key: number;
  media_type: MediaType;
  name: string;
  /** Base64, with padding. */
  data: string;
  /** The message of this session it comes from, and how many that has. */
  from: { messageId: string; of: number } | null;
  /** What was done to it; empty when it is as it was given. */
  note: string;
};

/** Why a file does not go along, and what to do. */
export type Refused = { message: string; hint: string };

/** What the shell takes: the same limits stand there. */
export const MAX_COUNT = 20;
const MAX_IMAGE_CHARS = 5 * 1024 * 1024;
const MAX_CHARS = 24 * 1024 * 1024;
/** Where a PDF may have its mark at the latest. */
const PDF_MARK_WITHIN = 1024;
/** Bytes turned into characters at once: no call takes many more. */
const CHUNK = 0x8000;

export const TAKEN = "image/png,image/jpeg,image/webp,image/gif,application/pdf,.png,.jpg,.jpeg,.webp,.gif,.pdf";

let made = 0;

/** How many bytes so many characters of base64 hold. */
export function sizeOf(data: string): number {
  return Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0);
}

export function urlOf(file: Pick<Attachment, "media_type" | "data">): string {
  return `data:${file.media_type};base64,${file.data}`;
}

export function isImage(file: { media_type: MediaType }): boolean {
  return file.media_type !== "application/pdf";
}

/** Reads a file, or says why it cannot go along with those there are. */
export async function read(file: File, have: readonly FileDraft[]): Promise<FileDraft | Refused> {
  const name = file.name || "Pasted image";
  if (have.length >= MAX_COUNT) {
    return { message: `“${name}” is one too many: a message takes ${MAX_COUNT} files.`, hint: "Send it with the next message." };
  }
  // No need to read what is larger than anything allowed.
  if (charsOf(file.size) > MAX_CHARS) return tooLarge(name, file.size, MAX_CHARS);
  let content: Uint8Array<ArrayBuffer>;
  try {
    content = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { message: `“${name}” could not be read.`, hint: "If it is a folder, name it in the message instead: files in the workspace are read from there." };
  }
  let media_type = mediaType(content);
  if (!media_type) {
    return { message: `“${name}” is neither an image nor a PDF that models take.`, hint: "PNG, JPEG, WebP, GIF and PDF go along. Any other file can be named in the message: it is read from the folder." };
  }
  let note = "";
  if (media_type !== "application/pdf" && charsOf(content.length) > MAX_IMAGE_CHARS) {
    const smaller = await shrink(content, media_type);
    if (!smaller || charsOf(smaller.length) > MAX_IMAGE_CHARS) return tooLarge(name, content.length, MAX_IMAGE_CHARS);
    note = `“${name}” was made smaller to go along: ${megabytes(content.length)} became ${megabytes(smaller.length)}.`;
    content = smaller;
    media_type = "image/jpeg";
  }
  const together = have.reduce((sum, { data }) => sum + data.length, charsOf(content.length));
  if (together > MAX_CHARS) {
    return { message: `With “${name}” the files are larger than one message takes.`, hint: `${megabytes(bytesIn(MAX_CHARS))} in all go along; send the rest with the next message.` };
  }
  made += 1;
  return { key: made, media_type, name, data: base64(content), from: null, note };
}

/** The files of a message, to be sent again. With an id they are those of a
 * message of the same session, which the shell has. */
export function again(attachments: readonly Attachment[], messageId: string | null): FileDraft[] {
  const from = messageId === null ? null : { messageId, of: attachments.length };
  return attachments.map(({ media_type, name, data }) => {
    made += 1;
    return { key: made, media_type, name, data, from, note: "" };
  });
}

/** What goes over the border. Files of an earlier message go by its id while
 * all of them are there; otherwise each goes anew. */
export function parcel(files: readonly FileDraft[]): GivenFiles | undefined {
  if (files.length === 0) return undefined;
  const earlier = files.find(({ from }) => from)?.from ?? null;
  const kept = files.filter(({ from }) => from && from.messageId === earlier?.messageId);
  const whole = earlier !== null && kept.length === earlier.of;
  const anew = whole ? files.filter((file) => !kept.includes(file)) : files;
  return { attachments: anew.map(({ name, data }) => ({ name, data })), attachments_of: whole ? earlier.messageId : null };
}

function charsOf(size: number): number {
  return Math.ceil(size / 3) * 4;
}

function bytesIn(chars: number): number {
  return (chars * 3) / 4;
}

/** Finer than a size elsewhere: it stands beside a limit. */
function megabytes(size: number): string {
  return `${(size / 1e6).toFixed(1)} MB`;
}

function tooLarge(name: string, size: number, most: number): Refused {
  return { message: `“${name}” has ${megabytes(size)}, which is too much.`, hint: `Make it smaller than ${megabytes(bytesIn(most))}.` };
}

/** What a file is, by its first bytes. */
export function mediaType(content: Uint8Array): MediaType | null {
  const text = (from: number, to: number) => String.fromCharCode(...content.subarray(from, to));
  if (text(0, PDF_MARK_WITHIN).includes("%PDF-")) return "application/pdf";
  if (text(0, 8) === "\x89PNG\r\n\x1a\n") return "image/png";
  if (text(0, 3) === "\xff\xd8\xff") return "image/jpeg";
  if (/^GIF8[79]a$/.test(text(0, 6))) return "image/gif";
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return "image/webp";
  return null;
}

function base64(content: Uint8Array): string {
  let text = "";
  for (let from = 0; from < content.length; from += CHUNK) text += String.fromCharCode(...content.subarray(from, from + CHUNK));
  return btoa(text);
}
