/** Version of what decides pixels. Part of every content key: raise it when any output byte can change. */
export const ENGINE_VERSION = '5';

/** Version of the product, as in package.json. */
export const SWATH_VERSION = '0.1.0';
