import type { FunctionComponent } from 'preact';
import type { Place } from '../../router.ts';
import { ProductList } from './product-list.tsx';
import { ProductPage } from './product-page.tsx';

export const Products: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? <ProductList place={place} /> : <ProductPage key={place.entry} product_id={place.entry} />;
