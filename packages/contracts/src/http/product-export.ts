import Type from 'typebox';
import { defineRoute } from '../define-route.ts';

export const exportProducts = defineRoute({
  method: 'GET',
  path: '/api/products/export',
  service: 'products',
  summary: 'The catalogue as a CSV file in the columns that the import reads',
  access: 'staff',
  scope: 'products:read',
  limit: 'read',
  timeout_ms: 600_000,
  query: Type.Object(
    {
      for: Type.Optional(
        Type.Union([Type.Literal('import'), Type.Literal('spreadsheet')], {
          description:
            'spreadsheet puts an apostrophe before what would be run as a formula there; import (the default) leaves all as it is.',
        }),
      ),
    },
    { additionalProperties: false },
  ),
  response_types: ['text/csv'],
  responses: { 200: Type.String({ description: 'A line for each product, archived ones too.' }) },
});
