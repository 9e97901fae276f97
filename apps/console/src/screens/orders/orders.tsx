import type { FunctionComponent } from 'preact';
import type { Place } from '../../router.ts';
import { OrderList } from './order-list.tsx';
import { OrderPage } from './order-page.tsx';

export const Orders: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? <OrderList place={place} /> : <OrderPage key={place.entry} order_id={place.entry} />;
