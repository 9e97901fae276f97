/** What the refusal of a service says about the fields of a form. */
import { AppError } from '@souk/kernel';
import type { FaultCode, FormFaults } from '@souk/storefront';

/** To which field a code belongs; all others are about the whole form. */
const fieldOfCode: Partial<Record<FaultCode, string>> = {
  username_taken: 'username',
  email_taken: 'email',
  password_weak: 'password',
  password_wrong: 'current_password',
  second_factor_required: 'code',
  second_factor_invalid: 'code',
};
const wholeCodes: ReadonlySet<string> = new Set<FaultCode>([
  'login_failed',
  'login_throttled',
  'secret_invalid',
  'account_is_guest',
  'last_admin',
]);
const passingCodes: ReadonlySet<string> = new Set([
  'service_unavailable',
  'overloaded',
  'rate_limited',
  'database_unavailable',
  'keys_unavailable',
]);

/** Undefined for what a form cannot say anything about: then the page is refused. `shown` are the names of its fields. */
export function formFaults(error: unknown, shown: readonly string[]): FormFaults | undefined {
  if (!(error instanceof AppError)) return undefined;
  const { code, details } = error;
  if (code === 'validation_failed') {
    const named = ((details as { errors?: readonly { pointer: string }[] }).errors ?? []).flatMap(({ pointer }) => {
      const name = pointer.split('/')[1] ?? '';
      return shown.includes(name) ? [[name, 'invalid'] as const] : [];
    });
    return named.length === 0 ? { form: 'invalid' } : Object.fromEntries(named);
  }
  const field = (fieldOfCode as Record<string, string | undefined>)[code];
  if (field !== undefined) return { [shown.includes(field) ? field : 'form']: code as FaultCode };
  if (wholeCodes.has(code)) return { form: code as FaultCode };
  return passingCodes.has(code) ? { form: 'away' } : undefined;
}

/** Those of these fields that were left empty. */
export function missingFaults(given: Readonly<Record<string, string | undefined>>): FormFaults {
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [[name, 'missing'] as const] : [])));
}
