/** Ce qui est dit des colis, et de ce qui revient. */
import { type Catalogue, formatPlural } from '@souk/ui';
import type { enSending } from './en-sending.ts';

const counted = (count: number, one: string, other: string): string => formatPlural('fr-FR', count, { one, other });

export const frSending: Catalogue<typeof enSending> = {
  parcels: {
    title: (number) => `Colis ${number}`,
    with: (carrier, tracking) => `Avec ${carrier}, numéro ${tracking}`,
    follow: 'Suivre ce colis',
    sent: 'Envoyé',
    delivered: 'Livré',
    on_its_way: 'En route',
    partial: 'Le reste est envoyé dans un autre colis.',
  },
  returns: {
    heading: 'Retours',
    title: (number) => `Retour ${number}`,
    state: {
      requested: 'Demandé ; la boutique répond bientôt',
      approved: 'Accepté ; veuillez le renvoyer',
      received: 'Arrivé ; l’argent suit',
      refunding: 'L’argent est en cours de remboursement',
      refunded: 'L’argent est remboursé',
      rejected: 'Non accepté',
      closed: 'Clos : rien n’est arrivé',
    },
    away: 'Les retours ne peuvent pas être lus pour le moment.',
    begin: 'Renvoyer quelque chose',
    page: (number) => `Renvoyer quelque chose de la commande ${number}`,
    lead: 'Choisissez combien de pièces de chaque article vous voulez renvoyer. La boutique répond par e-mail ; le remboursement suit l’arrivée des articles.',
    most: (count) => counted(count, 'sur # pièce', 'sur # pièces'),
    reason: 'Pourquoi',
    reason_hint: 'facultatif, par exemple : trop petit',
    send: 'Demander le retour',
    nothing_left: 'Rien de cette commande ne peut être renvoyé maintenant : elle n’est pas encore envoyée, ou tout est déjà en retour.',
    to_order: 'Retour à la commande',
    notice: {
      nothing: 'Veuillez choisir au moins une pièce.',
      too_many: 'C’est plus que ce qui peut revenir maintenant. Veuillez vérifier les nombres.',
      away: 'La boutique ne répond pas pour le moment, on ne sait donc pas si ceci est arrivé. Appuyez de nouveau dans une minute : rien n’est annoncé deux fois.',
    },
  },
};
