/**
 * The part of reflected metadata that `@peculiar/x509` asks for while it loads (its dependency `tsyringe` refuses to
 * start without it). Leaves a real polyfill in place when there is one.
 */
const store = new WeakMap<object, Map<string, unknown>>();

const metadata = {
  defineMetadata(key: string, value: unknown, target: object): void {
    const own = store.get(target) ?? new Map<string, unknown>();
    store.set(target, own.set(key, value));
  },
  getOwnMetadata(key: string, target: object): unknown {
    return store.get(target)?.get(key);
  },
  getMetadata(key: string, target: object): unknown {
    for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at)) {
      if (store.get(at)?.has(key) === true) return store.get(at)?.get(key);
    }
    return undefined;
  },
};

if (!('getMetadata' in Reflect)) Object.assign(Reflect, metadata);

export {};
