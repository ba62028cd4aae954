export { type Catalogue, type CatalogueDeps, makeCatalogue } from './catalogue.ts';
export { compileFilter, parseJson, parseText, printText } from './cql2/index.ts';
export { collectionDocument } from './documents/collection.ts';
export { stacConformance } from './documents/conformance.ts';
export { itemDocument } from './documents/item.ts';
export * from './documents/links.ts';
export { queryablesDocument } from './documents/queryables.ts';
export * from './limits.ts';
export { chooseCollections } from './search/collections.ts';
export { chooseFields, type FieldChoice, parseFields } from './search/fields.ts';
export { parseSearch, type SearchInput } from './search/parse.ts';
export type { Page, Position, SearchQuery, SortField } from './search/query.ts';
export { closeToken } from './search/token.ts';
export {
  type CollectionInput,
  getCollection,
  listCollections,
  RESULTS,
  registerCollection,
} from './store/collections.ts';
export { getItem, type Registration, registerItems, removeItem } from './store/items.ts';
export { type PublishedResults, registerResults } from './store/results.ts';
export type * from './store/types.ts';
