export { type AoiSummary, type AoiView, deleteAoi, getAoi, listAois, putAoi } from './aois.ts';
export { withNamedArea } from './name-area.ts';
