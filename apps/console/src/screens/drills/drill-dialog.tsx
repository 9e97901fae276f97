/** Starts a drill. What it takes away has to be typed, since customers notice. */
import { useSignal } from '@preact/signals';
import { type Drills, type DrillTarget, startDrill } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useCommand } from '../../live/use-resource.ts';
import { CommandForm } from '../../parts/command-form.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { TextField } from '../../parts/text-field.tsx';
import { addressAt } from '../../router.ts';

const secondsMax = 120;
const usualSeconds = '20';
/** What most shows of how orders wait and go on. */
const usualTarget: DrillTarget = 'inventory';
const wholeNumber = /^\d{1,3}$/;

interface DrillDialogProps {
  targets: Drills['targets'];
  close(): void;
}

export const DrillDialog: FunctionComponent<DrillDialogProps> = ({ targets, close }) => {
  const { words, router } = useDesk();
  const { drills: said } = words;
  const target = useSignal<DrillTarget>(usualTarget);
  const seconds = useSignal(usualSeconds);
  const typed = useSignal('');
  const start = useCommand((ask) => ({
    // The key is the id of the drill: the same request never begins two.
    send: (body: { target: DrillTarget; duration_s: number }, drill_id) => ask(startDrill, { params: { drill_id }, body }),
  }));
  const duration_s = wholeNumber.test(seconds.value.trim()) ? Number(seconds.value) : 0;
  const isPossible = duration_s >= 1 && duration_s <= secondsMax && typed.value.trim() === target.value;
  const chosen = targets.find((each) => each.target === target.value);
  return (
    <Dialog title={said.start} close={close}>
      <CommandForm
        of={start}
        word={said.take_away(said.target_name(target.value), duration_s)}
        is_dangerous
        close={close}
        send={async () => {
          if (!isPossible || !(await start.run({ target: target.value, duration_s }))) return;
          const progress = start.progress.value;
          const id = progress.state === 'done' ? progress.result?.body.id : undefined;
          close();
          router.go(addressAt({ screen: 'drills', entry: id }));
        }}
      >
        <Field label={said.target} note={chosen && said.means[chosen.means]}>
          {(ids) => (
            <select
              {...ids}
              class="input"
              value={target.value}
              onChange={({ currentTarget }) => {
                target.value = currentTarget.value as DrillTarget;
              }}
            >
              {targets.map((each) => (
                <option key={each.target} value={each.target}>
                  {said.target_name(each.target)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label={said.seconds}
          value={seconds}
          note={said.seconds_note(secondsMax)}
          is_required
          is_invalid={duration_s < 1 || duration_s > secondsMax}
          input_mode="numeric"
        />
        <TextField
          label={said.confirm(target.value)}
          value={typed}
          is_required
          is_invalid={typed.value !== '' && typed.value.trim() !== target.value}
        />
        {!targets.some((each) => each.target === 'broker') && <p class="quiet small">{said.no_broker}</p>}
      </CommandForm>
    </Dialog>
  );
};
