import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { maxHrefLength } from '../limits.ts';

/** An href that may be read, or the reason why not. */
export type ResolvedHref = { readonly href: string } | { readonly refused: string };

/** True for file paths and `file:` URLs, false for other URLs. */
export function isLocalHref(href: string): boolean {
  return !hasScheme(href) || href.toLowerCase().startsWith('file:');
}

/** The address of an Item or folder as what relative hrefs are resolved against: file URLs become paths. */
export function baseOf(itemHref: string): string | undefined {
  if (!itemHref.toLowerCase().startsWith('file:')) return itemHref;
  try {
    return fileURLToPath(itemHref);
  } catch {
    // A file URL of another host or with an escaped slash names no file here: as good as no base.
    return undefined;
  }
}

/**
 * Absolute address of an asset. `https` and `s3` are taken from anywhere; `http` only beside an Item that was itself
 * read from the same http origin; file paths only for Items that are files. All else (`javascript:`, `data:`, `gs:`,
 * `ftp:`, URLs with credentials, over-long ones) is refused.
 *
 * @param base URL or absolute path of the Item; undefined when unknown.
 */
export function resolveHref(href: string, base: string | undefined): ResolvedHref {
  if (href.length > maxHrefLength) {
    return { refused: `href has ${href.length} characters, more than ${maxHrefLength}` };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(href)) return { refused: 'href has control characters' };
  const local = base !== undefined && isLocalHref(base);
  if (isLocalHref(href) && (local || hasScheme(href) || base === undefined)) {
    if (!local) {
      return {
        refused: hasScheme(href)
          ? 'href is a file, but the Item is not'
          : 'href is relative and the address of the Item is unknown',
      };
    }
    const path = baseOf(href);
    if (path === undefined) return { refused: 'href is not a usable file URL' };
    return { href: posix.resolve(posix.dirname(base), path) };
  }
  const against = hasScheme(href) ? undefined : base;
  const url = URL.canParse(href, against) ? new URL(href, against) : undefined;
  if (url === undefined) return { refused: 'href is not a URL' };
  if (url.username !== '' || url.password !== '') return { refused: 'href holds credentials' };
  if (url.protocol === 'https:') return { href: url.href };
  // The text itself where it is absolute: keys of S3 objects are not URL paths and must not be re-escaped.
  if (url.protocol === 's3:') return { href: hasScheme(href) ? href : url.href };
  if (url.protocol === 'http:' && base !== undefined && !local && originOf(base) === url.origin) {
    return { href: url.href };
  }
  return { refused: `href has the scheme "${url.protocol.slice(0, 20)}", only https and s3 are read` };
}

function originOf(base: string): string | undefined {
  return URL.canParse(base) ? new URL(base).origin : undefined;
}

function hasScheme(href: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(href);
}
