/** Was von Paketen gesagt wird, und von Waren, die zurückkommen. */
import { type Catalogue, formatPlural } from '@souk/ui';
import type { enSending } from './en-sending.ts';

const counted = (count: number, one: string, other: string): string => formatPlural('de-DE', count, { one, other });

export const deSending: Catalogue<typeof enSending> = {
  parcels: {
    title: (number) => `Paket ${number}`,
    with: (carrier, tracking) => `Mit ${carrier}, Nummer ${tracking}`,
    follow: 'Dieses Paket verfolgen',
    sent: 'Gesendet',
    delivered: 'Zugestellt',
    on_its_way: 'Unterwegs',
    partial: 'Der Rest kommt in einem weiteren Paket.',
  },
  returns: {
    heading: 'Rücksendungen',
    title: (number) => `Rücksendung ${number}`,
    state: {
      requested: 'Angefragt; der Laden antwortet bald',
      approved: 'Vereinbart; bitte senden Sie es zurück',
      received: 'Angekommen; das Geld folgt',
      refunding: 'Das Geld wird erstattet',
      refunded: 'Das Geld ist erstattet',
      rejected: 'Nicht vereinbart',
      closed: 'Abgeschlossen: nichts ist angekommen',
    },
    away: 'Ob etwas zurückgesendet wurde, kann gerade nicht gelesen werden.',
    begin: 'Etwas zurücksenden',
    page: (number) => `Etwas aus Bestellung ${number} zurücksenden`,
    lead: 'Wählen Sie, wie viele Stück Sie jeweils zurücksenden möchten. Der Laden antwortet per E-Mail; erstattet wird, wenn die Waren angekommen sind.',
    most: (count) => counted(count, 'von # Stück', 'von # Stück'),
    reason: 'Warum',
    reason_hint: 'freiwillig, zum Beispiel: zu klein',
    send: 'Rücksendung anfragen',
    nothing_left:
      'Aus dieser Bestellung kann jetzt nichts zurückgesendet werden: es ist noch nicht gesendet, oder alles ist schon auf dem Rückweg.',
    to_order: 'Zurück zur Bestellung',
    notice: {
      nothing: 'Bitte wählen Sie mindestens ein Stück.',
      too_many: 'Das ist mehr, als jetzt zurückkommen kann. Bitte prüfen Sie die Zahlen.',
      away: 'Der Laden antwortet gerade nicht, es ist also nicht bekannt, ob dies ankam. Drücken Sie in einer Minute noch einmal: es wird nie doppelt angefragt.',
    },
  },
};
