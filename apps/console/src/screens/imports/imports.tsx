/** Imports of product files: sending one, tried first, earlier ones, and how far one is. */
import type { FunctionComponent } from 'preact';
import type { Place } from '../../router.ts';
import { ImportForm } from './import-form.tsx';
import { ImportList } from './import-list.tsx';
import { ImportPage } from './import-page.tsx';

export const Imports: FunctionComponent<{ place: Place }> = ({ place }) =>
  place.entry === undefined ? (
    <>
      <ImportForm />
      <ImportList key={place.query['cursor']} place={place} />
    </>
  ) : (
    <ImportPage key={place.entry} import_id={place.entry} />
  );
