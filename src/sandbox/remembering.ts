/** Makes something of a text once, and remembers it for the next time; of a thousand texts at most. */
export function remembering<T extends object | string>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const held = known.get(text);
    if (held !== undefined) return held;
    const made = make(text);
    if (known.size < 1_000) known.set(text, made);
    return made;
  };
}
