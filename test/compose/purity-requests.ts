import type { Composer, ComposeRequest, ComposeResult } from '../../crossplane/compose/types.ts';
import { API_VERSION } from '../../crossplane/definition/api.ts';
import type { CompositeKind } from '../../crossplane/definition/definition.ts';
import { EmbeddedControlPlane } from '../../crossplane/embedded/control-plane.ts';
import { worldOf } from '../support/world.ts';

export interface Requests {
  readonly composer: Composer;
  readonly requests: readonly ComposeRequest[];
}

/** Every request that a small environment of the real charts makes on its way from nothing to converged. */
export function convergedRequests(kinds: readonly CompositeKind[]): Requests {
  const requests: ComposeRequest[] = [];
  const { composer, schemas, provider } = worldOf(kinds);
  const watched: Composer = {
    kinds: composer.kinds,
    compose: (request) => {
      requests.push(request);
      return composer.compose(request);
    },
  };
  const plane = new EmbeddedControlPlane(watched, schemas, provider);
  const violations = plane.apply({
    apiVersion: API_VERSION,
    kind: 'Environment',
    metadata: { name: 'izmir', namespace: 'owlnest-izmir' },
    spec: {
      environment: 'izmir',
      tier: 'development',
      domainName: 'izmir.owlnest.example',
      alertEmail: 'alerts@owlnest.example',
      budgetLimit: 60,
      account: '210987654321',
      tags: { Ilk: 'i', ILK: 'I', ilk: 'ı', zebra: 'Äpfel' },
    },
  });
  const { ready } = plane.converge();
  if (violations.length > 0 || !ready)
    throw new Error(`The environment does not converge: ${JSON.stringify(violations)}`);
  return { composer, requests };
}

/** All of an answer as text: equal answers are equal bytes. */
export function answerText(result: ComposeResult): string {
  return JSON.stringify(result.outcome === 'refused' ? result : { ...result, desired: [...result.desired] });
}
