/** Accounts that may do more than buy: their role, their second factor, their sessions. */
import { listStaff, type StaffAccount } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { pageOf } from '../../live/page-of.ts';
import { useEntity } from '../../live/use-resource.ts';
import { AdminsOnly } from '../../parts/admins-only.tsx';
import { Chip, type Tone } from '../../parts/chip.tsx';
import { List } from '../../parts/list.tsx';
import { Opener } from '../../parts/opener.tsx';
import { addressAt, type Place } from '../../router.ts';
import { GiveRole } from './give-role.tsx';
import { EndSessions, ResetFactor, RoleDialog } from './staff-actions.tsx';

const everyMs = 10_000;
const tones: Readonly<Record<StaffAccount['second_factor'], Tone>> = { enabled: 'ok', pending: 'warn', disabled: 'bad' };

export const Staff: FunctionComponent<{ place: Place }> = ({ place }) => (
  <AdminsOnly title={useDesk().words.screens.staff}>
    <StaffList place={place} />
  </AdminsOnly>
);

const StaffList: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words, formats } = useDesk();
  const { staff: said } = words;
  const accounts = useEntity(listStaff, { query: pageOf(place) }, { every_ms: everyMs });
  const changed = (): Promise<void> => accounts.renew();
  const columns = [
    {
      title: said.name,
      cell: ({ full_name, username, email }: StaffAccount) => (
        <>
          {full_name}
          <div class="quiet small">
            {username}, {email}
          </div>
        </>
      ),
    },
    { title: said.role, cell: ({ role }: StaffAccount) => words.roles(role) },
    {
      title: said.factor,
      cell: ({ second_factor }: StaffAccount) => <Chip tone={tones[second_factor]}>{said.factors[second_factor]}</Chip>,
    },
    { title: said.sessions, is_number: true, cell: ({ sessions }: StaffAccount) => formats.count(sessions) },
    { title: said.seen, cell: ({ renewed_at }: StaffAccount) => (renewed_at === null ? words.none : formats.moment(renewed_at)) },
    { title: words.list.actions, cell: (account: StaffAccount) => <Actions account={account} changed={changed} /> },
  ];
  return (
    <>
      <p>{said.lead}</p>
      <p class="buttons">
        <Opener word={said.give}>{(close) => <GiveRole close={close} changed={changed} />}</Opener>
        <a class="button plain" href={addressAt({ screen: 'activity' })}>
          {said.activity}
        </a>
      </p>
      <List name={words.screens.staff} from={accounts} columns={columns} keyOf={({ id }) => id} empty={said.empty} />
    </>
  );
};

const Actions: FunctionComponent<{ account: StaffAccount; changed(): Promise<void> }> = ({ account, changed }) => {
  const { words, session } = useDesk();
  const { staff: said } = words;
  const current = session.current.value;
  const isOwn = current.state === 'signed_in' && current.person.id === account.id;
  return (
    <div class="buttons">
      <Opener word={said.change_role} label={said.change_role_of(account.full_name)} look="button plain">
        {(close) => <RoleDialog account={account} close={close} changed={changed} />}
      </Opener>
      <Opener word={said.end_sessions} label={said.end_sessions_of(account.full_name)} look="button plain">
        {(close) => <EndSessions account={account} close={close} changed={changed} />}
      </Opener>
      {account.second_factor !== 'disabled' && !isOwn && (
        <Opener word={said.reset} label={said.reset_of(account.full_name)} look="button plain">
          {(close) => <ResetFactor account={account} close={close} changed={changed} />}
        </Opener>
      )}
    </div>
  );
};
