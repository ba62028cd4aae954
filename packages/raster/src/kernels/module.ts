// Made by `npm run build:kernels` from packages/raster/kernels.
export const kernelsBase64 =
  'AGFzbQEAAAABBQFgAAF/Ag8BA2VudgZtZW1vcnkCAAADAgEABxUCCGhlYXBCYXNlAAAGbWVtb3J5AgAKBwEFAEGACAs=';
