/** The one call of stac-js that Swath makes; the package ships no types. */
declare module 'stac-js' {
  interface StacObject {
    /** Plain JSON of the object. */
    toJSON(): unknown;
  }
  /** Mutates `data`. Throws plain errors on input it cannot read. */
  function create(data: unknown, migrate: boolean, updateVersionNumber: boolean): StacObject;
  // biome-ignore lint/style/noDefaultExport: that is how stac-js exports it
  export default create;
}
