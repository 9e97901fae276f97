/** One letter: where it failed, why, and what it holds. Looking at it changes nothing. */
import { getDeadLetter } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Panel } from '../../parts/panel.tsx';
import { addressAt } from '../../router.ts';
import { apiLanguage } from '../../words/api-language.ts';
import { LetterActions } from './letter-actions.tsx';
import { readableBody } from './letter-groups.ts';

interface LetterPageProps {
  service: string;
  id: string;
  changed(replayed: number): Promise<void>;
}

export const LetterPage: FunctionComponent<LetterPageProps> = ({ service, id, changed }) => {
  const { words, formats, router } = useDesk();
  const { letters: said } = words;
  const letter = useEntity(getDeadLetter, { params: { service: service as 'orders', id } });
  return (
    <>
      <header class="page-head">
        <h1>{said.letter_title(id)}</h1>
        <a href={addressAt({ screen: 'dead-letters' })}>{said.all}</a>
      </header>
      <Loaded from={letter}>
        {({ body }) => {
          const group = addressAt({ screen: 'dead-letters', query: { service, queue: body.queue, reason: body.reason } });
          const facts: [string, string][] = [
            [said.cause, body.reason.replaceAll('_', ' ')],
            [said.detail, body.detail],
            [said.queue, body.queue],
            [said.event, body.event_type ?? '?'],
            [said.event_id, body.event_id ?? '?'],
            [said.attempts, formats.count(body.attempts)],
            [said.died, formats.moment(body.died_at)],
            [said.version, body.code_version],
            [words.failure.correlation, body.correlation_id ?? '?'],
          ];
          return (
            <>
              <LetterActions
                service={service}
                ids={[id]}
                changed={(replayed) => {
                  router.go(group);
                  return changed(replayed);
                }}
              />
              <Panel title={said.what} aside={<a href={group}>{said.same_cause}</a>}>
                <dl class="facts">
                  {facts.map(([name, value]) => (
                    <FactPair key={name} name={name} value={value} language={name === said.detail ? apiLanguage : undefined} />
                  ))}
                </dl>
              </Panel>
              <Panel title={said.body}>
                <pre>{readableBody(body.body)}</pre>
              </Panel>
            </>
          );
        }}
      </Loaded>
    </>
  );
};

const FactPair: FunctionComponent<{ name: string; value: string; language: string | undefined }> = ({ name, value, language }) => (
  <>
    <dt>{name}</dt>
    <dd lang={language}>{value}</dd>
  </>
);
