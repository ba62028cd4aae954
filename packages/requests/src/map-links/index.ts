export { type MapLink, makeMapLink, openMapLink } from './map-links.ts';
