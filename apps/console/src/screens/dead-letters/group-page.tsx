/** The letters of one cause. What is done is done to exactly those that are shown. */
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { Panel } from '../../parts/panel.tsx';
import { Table } from '../../parts/table.tsx';
import { addressAt } from '../../router.ts';
import { apiLanguage } from '../../words/api-language.ts';
import { LetterActions } from './letter-actions.tsx';
import type { LetterGroup } from './letter-groups.ts';

export const GroupPage: FunctionComponent<{ group: LetterGroup; changed(replayed: number): Promise<void> }> = ({ group, changed }) => {
  const { words, formats } = useDesk();
  const { service, queue, reason, letters } = group;
  const { letters: said } = words;
  const columns = [
    { title: said.letter },
    { title: said.event },
    { title: said.died },
    { title: said.attempts, is_number: true },
    { title: said.detail },
  ];
  return (
    <Panel
      title={said.group_title(reason.replaceAll('_', ' '), queue)}
      aside={<a href={addressAt({ screen: 'dead-letters' })}>{said.all}</a>}
    >
      <LetterActions service={service} ids={letters.map(({ id }) => id)} changed={changed} />
      <Table name={said.group_title(reason, queue)} columns={columns}>
        {letters.map((letter) => (
          <tr key={letter.id}>
            <th scope="row">
              <a href={addressAt({ screen: 'dead-letters', entry: letter.id, query: { service } })}>{letter.id}</a>
            </th>
            <td>{letter.event_type ?? '?'}</td>
            <td>{formats.moment(letter.died_at)}</td>
            <td class="number">{formats.count(letter.attempts)}</td>
            <td lang={apiLanguage}>{letter.detail}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
};
