// The card of each tool: a file here named after the tool is its card, every
// other tool gets the default card.

import type { Component } from "svelte";
import type { ToolItem } from "../../state/items.svelte";
import DefaultCard from "../DefaultCard.svelte";

export type CardProps = { item: ToolItem; workspace: string | null };

const modules = import.meta.glob<{ default: Component<CardProps> }>("./*.svelte", { eager: true });

const cards = new Map(
  Object.entries(modules).map(([path, module]) => [path.slice("./".length, -".svelte".length), module.default]),
);

export function cardOf(tool: string): Component<CardProps> {
  return cards.get(tool) ?? DefaultCard;
}

export const toolsWithCards: readonly string[] = [...cards.keys()];
