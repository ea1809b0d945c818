/** Every object below an Environment has it: the environment's name. */
const ENVIRONMENT_LABEL = 'owlnest.io/environment';
/** Every object below an Environment has it: `storage`. */
const LAYER_LABEL = 'owlnest.io/layer';

/**
 * Labels by which people find what belongs together: `kubectl get managed -A -l owlnest.io/layer=storage`. They follow
 * from the composite's name, `<environment>-<layer>-<its own>`, so that they are the same in every pass.
 * @param part what one composite of the kind is to its layer: `store` gives `owlnest.io/store=files`
 */
export function placeLabels(
  composite: string,
  environment: string,
  part: string | undefined,
): Readonly<Record<string, string>> {
  const below = composite.startsWith(`${environment}-`) ? composite.slice(environment.length + 1) : '';
  const [layer = ''] = below.split('-');
  const own = below.slice(layer.length + 1);
  return {
    [ENVIRONMENT_LABEL]: environment,
    ...(layer === '' ? {} : { [LAYER_LABEL]: layer }),
    ...(part === undefined || own === '' ? {} : { [`owlnest.io/${part}`]: own }),
  };
}
