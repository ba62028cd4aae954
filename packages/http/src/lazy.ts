/** Something that is made when it is first asked for, once. */
export interface Lazy<T> {
  get(): Promise<T>;
  /** What was made; undefined when nobody asked. */
  made(): Promise<T | undefined>;
}

/** For what a process that never needs it should not have to load. A failed making is tried again. */
export function lazy<T>(make: () => Promise<T>): Lazy<T> {
  let made: Promise<T> | undefined;
  return {
    get() {
      if (made === undefined) {
        const making = make();
        made = making;
        making.catch(() => {
          made = undefined;
        });
      }
      return made;
    },
    made: async () => await made,
  };
}
