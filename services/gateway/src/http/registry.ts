import { deleteInstance, InstanceRegistration, listScrapeTargets, listServices, putInstance, refusal } from '@souk/contracts';
import { timestamp } from '@souk/kernel';
import { createSchemaCheck, readJson } from '@souk/service-kit';
import { deregisterInstance, listInstances, registerInstance, listScrapeTargets as scrapeTargets } from '../use-cases/keep-registry.ts';
import type { OwnRequest, OwnRoute } from './own-route.ts';

const checkRegistration = createSchemaCheck(InstanceRegistration);
const checkNames = createSchemaCheck(putInstance.params);

/** `own` is where this gateway listens; known once it does. */
export function registryRoutes(own: () => { host: string; port: number }): readonly OwnRoute[] {
  return [
    {
      method: listServices.method,
      path: listServices.path,
      answer: async (context) => ({ status: 200, body: await listInstances(context, own()) }),
    },
    {
      method: listScrapeTargets.method,
      path: listScrapeTargets.path,
      answer: async (context) => ({ status: 200, body: scrapeTargets(context, own()) }),
    },
    {
      method: putInstance.method,
      path: putInstance.path,
      takes: 'application/json',
      async answer(context, request) {
        const { name, instance_id } = namesOf(request);
        const { registered_at, lease_until, ...registered } = await registerInstance(
          context,
          name,
          instance_id,
          registrationOf(request.body),
        );
        return { status: 200, body: { ...registered, registered_at: timestamp(registered_at), lease_until: timestamp(lease_until) } };
      },
    },
    {
      method: deleteInstance.method,
      path: deleteInstance.path,
      async answer(context, request) {
        const { name, instance_id } = namesOf(request);
        await deregisterInstance(context, name, instance_id);
        return { status: 204 };
      },
    },
  ];
}

function namesOf({ params }: OwnRequest): { name: string; instance_id: string } {
  const errors = checkNames(params);
  if (errors) throw refusal('validation_failed', 'The address is not valid.', { errors });
  return params as { name: string; instance_id: string };
}

function registrationOf(bytes: Buffer): InstanceRegistration {
  const body = readJson(bytes);
  const errors = checkRegistration(body);
  if (errors) throw refusal('validation_failed', 'The registration is not valid.', { errors });
  return body as InstanceRegistration;
}
