// Makes a picture small enough to go along: photos and screenshots of large
// displays are beyond what models take, and models look at less than they
// hold anyway.

import type { MediaType } from "../ipc/types";

/** Models scale down what is larger. */
const LONGEST_EDGE_PX = 2000;
const QUALITY = 0.86;

/** The picture as a JPEG of sensible size; null where that cannot be done. */
export async function shrink(content: Uint8Array<ArrayBuffer>, media_type: MediaType): Promise<Uint8Array<ArrayBuffer> | null> {
  // A film would lose all but its first picture.
  if (media_type === "image/gif" || typeof createImageBitmap !== "function") return null;
  try {
    const picture = await createImageBitmap(new Blob([content], { type: media_type }));
    const scale = Math.min(1, LONGEST_EDGE_PX / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    // JPEG knows no transparency: what was clear becomes paper, not black.
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return made && new Uint8Array(await made.arrayBuffer());
  } catch {
    return null;
  }
}
