/** Shipping: zones, and the methods that are offered in them. */
import { listShippingZones } from '@souk/contracts';
import type { FunctionComponent } from 'preact';
import { useDesk } from '../../desk.ts';
import { useEntity } from '../../live/use-resource.ts';
import { Loaded } from '../../parts/loaded.tsx';
import type { Place } from '../../router.ts';
import { ShippingMethods } from './shipping-methods.tsx';
import { ShippingZones } from './shipping-zones.tsx';

/** As many as the shop takes. */
const zonesMax = 100;

export const Shipping: FunctionComponent<{ place: Place }> = ({ place }) => {
  const { words } = useDesk();
  const zones = useEntity(listShippingZones, { query: { limit: zonesMax } });
  return (
    <>
      <h1>{words.screens.shipping}</h1>
      <p>{words.shipping.lead}</p>
      <ShippingZones zones={zones} />
      <Loaded from={zones}>{({ body }) => body.length > 0 && <ShippingMethods place={place} zones={body} />}</Loaded>
    </>
  );
};
