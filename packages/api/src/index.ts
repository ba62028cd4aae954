export { makeApp } from './app.ts';
export type { ApiDeps, Identity, RequestUseCases, Role, UploadUseCases } from './deps.ts';
export { roles } from './deps.ts';
export type { AskTokens, DeviceSignIn, DeviceSignInConfig } from './device/config.ts';
export { findIndices, indices, type SpectralIndexView } from './indices.ts';
export { openApiDocument } from './openapi.ts';
export { LOCAL_TOKEN } from './openeo/limits.ts';
export type { OidcProvider } from './openeo/oidc-provider.ts';
export {
  type InlineCompute,
  type OpeneoService,
  openeoService,
  type SignIn,
} from './openeo/service.ts';
export { type PictureService, type PictureServiceInput, pictureService } from './pictures/service.ts';
export { statusOf } from './problem.ts';
export { pictureRoutes, routes } from './routes/index.ts';
export * from './schemas/index.ts';
export { sceneQueryOf, searchScenes } from './search-scenes.ts';
export { aoiUseCases, mapLinkUseCases, requestUseCases, uploadUseCases } from './use-cases.ts';
