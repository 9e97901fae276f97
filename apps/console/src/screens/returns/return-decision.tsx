import { approveReturn, closeReturn, getReturn, type Return, rejectReturn } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { Confirm } from '../../parts/confirm.tsx';
import type { ReturnStepProps } from './return-step.ts';

export type Decision = 'approve' | 'reject' | 'close';

const routes = { approve: approveReturn, reject: rejectReturn, close: closeReturn };
const reached: Readonly<Record<Decision, Return['state']>> = { approve: 'approved', reject: 'rejected', close: 'closed' };

/** Made for the version that is shown. */
export const DecisionDialog: FunctionComponent<ReturnStepProps & { decision: Decision }> = ({ of, etag, close, changed, decision }) => {
  const { returns: said } = useDesk().words;
  const params = { return_id: of.id };
  const means: Readonly<Record<Decision, string>> = { approve: said.approve_means, reject: said.reject_means, close: said.close_means };
  const decide = useCommand<undefined, unknown>((ask) => ({
    send: () => ask(routes[decision], { params, body: {}, ...(etag !== undefined && { if_match: etag }) }),
    wasDone: async () => (await ask(getReturn, { params })).body.state === reached[decision],
  }));
  return (
    <Confirm
      title={`${said[decision]}: ${of.number}`}
      word={said[decision]}
      is_dangerous={decision !== 'approve'}
      of={decide}
      close={close}
      done={changed}
    >
      <p>{means[decision]}</p>
    </Confirm>
  );
};
