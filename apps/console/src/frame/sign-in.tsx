/** The form that opens a session. What was typed stays when it is refused. */
import { useSignal } from '@preact/signals';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { RefusedError } from '../live/transport.ts';
import { Failure } from '../parts/failure.tsx';
import { Field } from '../parts/field.tsx';

export const SignIn: FunctionComponent<{ isTurnedAway: boolean }> = ({ isTurnedAway }) => {
  const { words, session, shop_name } = useDesk();
  const state = useSignal<{ isSent: boolean; error?: unknown }>({ isSent: false });
  const needsCode = useSignal(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string): string => String(typed.get(name) ?? '');
    state.value = { isSent: true };
    try {
      const code = text('code').trim();
      await session.signIn({ login: text('login').trim(), password: text('password'), ...(code !== '' && { code }) });
      state.value = { isSent: false };
    } catch (error) {
      const isCodeMissing = error instanceof RefusedError && error.problem.code === 'second_factor_required';
      needsCode.value ||= isCodeMissing;
      state.value = { isSent: false, ...(!isCodeMissing && { error }) };
    }
  };
  return (
    <main class="sign-in">
      <h1>{words.sign_in.title(shop_name)}</h1>
      {isTurnedAway ? (
        <>
          <p class="notice warn" role="alert">
            {words.sign_in.turned_away}
          </p>
          <button type="button" class="button" onClick={() => void session.signOut()}>
            {words.sign_in.out}
          </button>
        </>
      ) : (
        <form onSubmit={(event) => void submit(event)}>
          <p class="quiet">{words.sign_in.lead}</p>
          <Field label={words.sign_in.login}>
            {(ids) => <input {...ids} class="input" name="login" autocomplete="username" required />}
          </Field>
          <Field label={words.sign_in.password}>
            {(ids) => <input {...ids} class="input" name="password" type="password" autocomplete="current-password" required />}
          </Field>
          {needsCode.value && (
            <Field label={words.sign_in.code}>
              {(ids) => <input {...ids} class="input" name="code" autocomplete="one-time-code" required />}
            </Field>
          )}
          {state.value.error !== undefined && <Failure error={state.value.error} />}
          <button type="submit" class="button" aria-busy={state.value.isSent}>
            {words.sign_in.enter}
          </button>
        </form>
      )}
    </main>
  );
};
