/** What went wrong, what it means, what to do; code and correlation id behind details. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../desk.ts';
import { RefusedError, UnansweredError } from '../live/transport.ts';
import { apiLanguage } from '../words/api-language.ts';
import type { Words } from '../words/words.ts';

interface FailureProps {
  title?: string | undefined;
  error: unknown;
  retry?: () => void;
}

function sentenceOf(error: unknown, words: Words): string {
  if (error instanceof RefusedError) return error.problem.detail;
  if (error instanceof UnansweredError) return words.failure.unreachable;
  return error instanceof Error ? error.message : String(error);
}

export const Failure: FunctionComponent<FailureProps> = ({ title, error, retry }) => {
  const { words } = useDesk();
  const problem = error instanceof RefusedError ? error.problem : undefined;
  return (
    <div class="notice bad" role="alert">
      {title && <p class="strong">{title}</p>}
      <p lang={problem && apiLanguage}>{sentenceOf(error, words)}</p>
      {problem?.errors?.map(({ pointer, detail }) => (
        <p key={pointer} lang={apiLanguage}>
          <code>{pointer}</code> {detail}
        </p>
      ))}
      {problem && (
        <details>
          <summary>{words.failure.details}</summary>
          <p>
            {words.failure.code} <code>{problem.code}</code>, {words.failure.correlation} <code>{problem.correlation_id}</code>
          </p>
        </details>
      )}
      {retry && (
        <button type="button" class="button plain" onClick={retry}>
          {words.failure.retry}
        </button>
      )}
    </div>
  );
};
