/** Imports of product files: sending one, tried first, and how far one is. */
import type { FunctionComponent } from 'preact';
import type { Place } from '../../router.ts';
import { ImportForm } from './import-form.tsx';
import { ImportPage } from './import-page.tsx';

export const Imports: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? <ImportForm /> : <ImportPage key={place.entry} import_id={place.entry} />;
