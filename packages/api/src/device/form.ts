import { readBytes } from '../door.ts';
import { FIELD_LIMIT, FORM_FIELDS_LIMIT, FORM_LIMIT_BYTES } from './limits.ts';
import { oauthError } from './oauth-error.ts';

export type Form = ReadonlyMap<string, string>;

/**
 * The fields of an `application/x-www-form-urlencoded` body. A field without a value counts as absent, one that comes
 * twice is refused (RFC 6749, 3.2).
 * @throws SwathError invalid_request; HttpError 413.
 */
export async function readForm(request: Request): Promise<Form> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw oauthError('invalid_request', 'The body must be application/x-www-form-urlencoded.');
  }
  const bytes = await readBytes(request, FORM_LIMIT_BYTES);
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes))) {
    if (fields.has(name)) throw oauthError('invalid_request', 'A field is given more than once.');
    if (fields.size >= FORM_FIELDS_LIMIT || value.length > FIELD_LIMIT) {
      throw oauthError('invalid_request', 'The form is too large.');
    }
    fields.set(name, value);
  }
  for (const [name, value] of fields) if (value === '') fields.delete(name);
  return fields;
}

/** @throws SwathError invalid_request. */
export function needed(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw oauthError('invalid_request', `The field ${name} is missing.`);
  return value;
}

/** A field of this shape, or none. @throws SwathError invalid_request. */
export function shaped(form: Form, name: string, shape: RegExp): string | undefined {
  const value = form.get(name);
  if (value !== undefined && !shape.test(value)) {
    throw oauthError('invalid_request', `The field ${name} is not what it should be.`);
  }
  return value;
}
