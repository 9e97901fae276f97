/** What the pages of sign-in and account are drawn from. */
import type { Notification, OpenSession, Order, SecondFactor, User } from '@souk/contracts';
import type { FrameView } from './views.ts';
import type { Words } from './words/words.ts';

export type FaultCode = keyof Words['account']['faults'];

/** What is wrong with a form, by the name of the field; under `form` what is about the whole. */
export type FormFaults = Readonly<Record<string, FaultCode>>;

export interface FormView {
  readonly frame: FrameView;
  /** What was typed, by the name of the field; never a password. */
  readonly values: Readonly<Record<string, string>>;
  readonly faults: FormFaults;
}

export interface SignInView extends FormView {
  /** The page to return to. */
  readonly to: string | undefined;
  readonly needs_code: boolean;
  /** What happened before: a new password was set, an account was erased. */
  readonly notice: 'reset_done' | 'erased' | undefined;
}

export interface RegisterView extends FormView {
  readonly to: string | undefined;
}

export interface PasswordResetView extends FormView {
  /** Of the link; undefined while none was asked for. */
  readonly token: string | undefined;
  readonly sent: boolean;
}

export interface VerifyEmailView extends FormView {
  readonly token: string | undefined;
  readonly done: boolean;
}

export interface AccountView {
  readonly frame: FrameView;
  readonly user: User;
}

export type ShownOrderEntry = Pick<Order, 'id' | 'order_number' | 'status' | 'total_amount' | 'currency' | 'created_at'>;

export interface AccountOrdersView {
  readonly frame: FrameView;
  /** Undefined while they cannot be read. */
  readonly orders: readonly ShownOrderEntry[] | undefined;
  readonly next_cursor: string | null;
  readonly is_first: boolean;
}

export interface AccountMessagesView {
  readonly frame: FrameView;
  readonly messages:
    | readonly Pick<Notification, 'id' | 'subject' | 'body' | 'status' | 'created_at' | 'sent_at' | 'recipient'>[]
    | undefined;
}

export interface ProfileView extends FormView {
  readonly user: User;
  readonly saved: boolean;
}

export interface SecurityView extends FormView {
  readonly sessions: readonly OpenSession[] | undefined;
  readonly notice: 'password_changed' | 'sessions_ended' | undefined;
}

export interface SecondFactorView extends FormView {
  /** Undefined while it cannot be read, or is not what the page is about. */
  readonly state: SecondFactor | undefined;
  /** Begun just now; the secret is shown here and never again. */
  readonly enrolment: { readonly secret: string; readonly uri: string } | undefined;
  /** Set up just now. */
  readonly recovery_codes: readonly string[] | undefined;
  /** Removed just now. */
  readonly removed: boolean;
}
