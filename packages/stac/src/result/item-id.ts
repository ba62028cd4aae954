/** Characters of the content key in an Item's id: 48 bits, enough to tell apart the requests of a project. */
const KEY_CHARS = 12;

const PARTIAL = '-partial';

/** Id of a product's Item. The one with missing parts has another than the whole one that may follow it. */
export function resultItemId(product: {
  readonly label: string;
  readonly contentKey: string;
  readonly isPartial: boolean;
}): string {
  const { label, contentKey, isPartial } = product;
  return `${label}-${contentKey.slice(0, KEY_CHARS)}${isPartial ? PARTIAL : ''}`;
}

/** What an id says; undefined for one that is not of this content key. */
export function readResultItemId(
  id: string,
  contentKey: string,
): { readonly label: string; readonly isPartial: boolean } | undefined {
  const isPartial = id.endsWith(PARTIAL);
  const whole = isPartial ? id.slice(0, -PARTIAL.length) : id;
  const suffix = `-${contentKey.slice(0, KEY_CHARS)}`;
  return whole.endsWith(suffix) ? { label: whole.slice(0, -suffix.length), isPartial } : undefined;
}

/** Ids of the Item of a whole product and of the one with missing parts, from either. */
export function siblingItemIds(id: string): { readonly whole: string; readonly partial: string } {
  const whole = id.endsWith(PARTIAL) ? id.slice(0, -PARTIAL.length) : id;
  return { whole, partial: `${whole}${PARTIAL}` };
}
