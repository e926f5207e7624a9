// What a person does to sessions as a whole: put them away, bring them back,
// remove them, open what a search found.

import type { Place, SearchHit } from "../ipc/types";
import { count } from "../words/amount";
import type { Familiar } from "./familiar.svelte";

/** Puts a session away or brings it back; a banner takes it back. */
export async function place(familiar: Familiar, id: string, place: Place): Promise<void> {
  const { sessions, banners } = familiar;
  const before = sessions.placeOf(id);
  const isEmpty = sessions.get(id)?.message_count === 0;
  if (!(await sessions.put(id, place))) return;
  if (place === "active") return;
  const shown = familiar.current?.id === id;
  familiar.forget(id);
  // The shell closed it, and will count its events anew.
  familiar.outdate(id);
  // Where nothing was said, nothing is kept that could come back.
  if (isEmpty) return;
  const undo = async () => {
    if ((await sessions.put(id, before)) && shown && familiar.current === null) await familiar.open(id);
  };
  const words = place === "trashed" ? `The session is in the trash, for ${count(sessions.trashDays, "day")}.` : "The session is in the archive.";
  banners.tell(words, { label: "Undo", act: () => void undo() });
}

/** Removes a session of the trash for good. */
export async function remove(familiar: Familiar, id: string): Promise<void> {
  if (await familiar.sessions.remove(id)) familiar.forget(id);
}

export async function emptyTrash(familiar: Familiar): Promise<void> {
  for (const id of await familiar.sessions.empty()) familiar.forget(id);
}

/** Opens what a search found, at the very message. One that stands on
 * another branch brings that branch up; a banner leads back. */
export async function openHit(familiar: Familiar, hit: SearchHit, words: readonly string[]): Promise<void> {
  const { backend, banners, sessions } = familiar;
  const id = hit.session_id;
  sessions.know(id, hit.place);
  if (hit.superseded && hit.branch !== null) {
    const branches = await banners.guard(backend.branches(id));
    if (!branches || !(await showBranch(familiar, id, hit.branch))) return;
    const before = branches.find(({ current }) => current)?.number ?? 0;
    const back = async () => {
      if (!(await showBranch(familiar, id, before))) return;
      if (familiar.current?.id === id) await familiar.current.reload();
      else await familiar.open(id);
    };
    banners.tell("This was said on another branch of the session, which is on screen now.", { label: "Go back", act: () => void back() });
  }
  const messageId = hit.message_id;
  await familiar.open(id, messageId === null ? undefined : { messageId, wish: { to: "message", messageId, words } });
}

async function showBranch(familiar: Familiar, id: string, number: number): Promise<boolean> {
  const done = await familiar.banners.guard(familiar.backend.branchChoose(id, number).then(() => true));
  if (done) familiar.outdate(id);
  return done ?? false;
}
