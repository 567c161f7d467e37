/**
 * The three functions of the Reflect Metadata proposal that `@peculiar/x509` asks for when it is loaded. Import this file
 * before it. Metadata is kept per object only; nothing here inherits it.
 */
const metadata = new WeakMap<object, Map<unknown, unknown>>();

const read = (key: unknown, target: object) => metadata.get(target)?.get(key);

if (!('getMetadata' in Reflect)) {
  Object.assign(Reflect, {
    getMetadata: read,
    getOwnMetadata: read,
    defineMetadata(key: unknown, value: unknown, target: object) {
      const ofTarget = metadata.get(target) ?? new Map<unknown, unknown>();
      metadata.set(target, ofTarget.set(key, value));
    },
  });
}
